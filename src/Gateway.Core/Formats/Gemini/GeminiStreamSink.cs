using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.Gemini;

/// <summary>
/// Turns what the walker finds in chunks into deltas. A candidate that has finished may still go on: some models state the reason in every chunk. So
/// its running texts end with the stream.
/// </summary>
internal sealed class GeminiStreamSink(int candidates) : IResponseSink
{
    private readonly StreamTexts _texts = new();
    private readonly string?[] _finish = new string?[candidates];
    private readonly bool[] _begun = new bool[candidates];
    private int _call = -1;

    /// <summary>One more than the highest candidate index seen.</summary>
    public int Choices { get; private set; }

    /// <summary>A bit for each candidate, below 31, that has finished.</summary>
    public int FinishedMask { get; private set; }

    /// <summary>Whether there was a candidate, and all that began have finished; or the prompt was blocked.</summary>
    public bool IsFinished
    {
        get
        {
            var any = false;
            for (var i = 0; i < _begun.Length; i++)
            {
                any |= _finish[i] is not null;
                if (_begun[i] && _finish[i] is null)
                {
                    return false;
                }
            }

            return any && _call < 0;
        }
    }

    /// <summary>The response id, once seen.</summary>
    public string? Id { get; private set; }

    /// <summary>The model the provider names, once seen.</summary>
    public string? ModelName { get; private set; }

    public void Begin(StreamFrame frame) => _texts.Begin(frame);

    public void EndAll() => _texts.EndAll(null);

    public void Fault(string reason) => _texts.Fault(reason);

    public void Text(in TextPlace place, int choice, JsonString text, ulong variant)
    {
        // What was decoded stands nowhere in the frame as it is here, so nothing can be written back.
        var isDecoded = (place.Flags & SegmentFlags.Decoded) != 0;
        _texts.Text(place, choice, isDecoded ? new JsonString(text.Raw, text.Escaped, tokenStart: 0) : text, variant);
    }

    public void ResponseId(JsonString id)
    {
        if (!id.IsEmpty && _texts.EnvelopeChanged((ulong)GeminiMember.ResponseId, id))
        {
            Id = id.ToString();
            _texts.Text(TextPlaces.Metadata, -1, id, 0);
        }

        _texts.Frame.ResponseId = Id;
    }

    public void Model(JsonString model)
    {
        if (!model.IsEmpty && _texts.EnvelopeChanged((ulong)GeminiMember.ModelVersion, model))
        {
            ModelName = model.ToString();
            _texts.Text(TextPlaces.Metadata, -1, model, 0);
        }

        _texts.Frame.Model = ModelName;
    }

    public void Usage(in TokenUsage usage) => _texts.Frame.Usage = usage;

    public void Error(string? code)
    {
        _texts.Frame.IsProviderError = true;
        _texts.Frame.ErrorCode ??= code;
    }

    public void OpenChoice(int choice)
    {
        if ((uint)choice >= (uint)_begun.Length)
        {
            Fault(StreamFaults.IndexJump);
            return;
        }

        _begun[choice] = true;
        Choices = Math.Max(Choices, choice + 1);
    }

    public void EndChoice(int choice, string? finish)
    {
        if (finish is null || (uint)choice >= (uint)_finish.Length)
        {
            return;
        }

        if (_finish[choice] != finish)
        {
            _finish[choice] = finish;
            _texts.Frame.FinishReason = finish;
        }

        FinishedMask |= choice < 31 ? 1 << choice : 0;
    }

    public void OpenTool(in ToolStart tool)
    {
        if (tool.Name.IsEmpty)
        {
            Fault(StreamFaults.ToolWithoutName);
        }

        _call = _texts.OpenTool(tool.Choice, tool.Name, tool.ProviderSide ? SegmentFlags.ProviderSide : SegmentFlags.None);
    }

    public void ToolArguments(JsonString arguments, bool isText)
    {
        if (_call >= 0)
        {
            _texts.ToolArguments(_call, arguments, isText);
        }
    }

    public void ToolInput(ReadOnlySpan<byte> json, int tokenStart) => ToolArguments(new JsonString(json, escaped: false, tokenStart), isText: false);

    public void CloseTool()
    {
        if (_call >= 0)
        {
            _texts.End(_call);
            _call = -1;
        }
    }
}
