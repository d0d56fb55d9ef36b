using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIChat;

/// <summary>Turns what the walker finds in chunks into deltas, with the state of every choice.</summary>
internal sealed class OpenAIChatStreamSink : IResponseSink
{
    private readonly StreamTexts _texts = new();
    private readonly OpenAIChatStreamCalls _calls;
    private readonly bool[] _finished;
    private int _frameChoices;
    private int _lastChoice;
    private bool _keepsPlace;
    private bool _hasText;
    private bool _hasCall;

    public OpenAIChatStreamSink(int choices)
    {
        _calls = new OpenAIChatStreamCalls(_texts);
        _finished = new bool[choices];
    }

    /// <summary>One more than the highest choice index seen.</summary>
    public int Choices { get; private set; }

    /// <summary>A bit for each choice, below 31, that has finished.</summary>
    public int FinishedMask { get; private set; }

    /// <summary>The response id, once seen.</summary>
    public string? Id { get; private set; }

    /// <summary>The model the provider names, once seen.</summary>
    public string? ModelName { get; private set; }

    /// <summary>Where the frame's running text stood.</summary>
    public AppendedText Appended => _texts.Appended;

    /// <summary>
    /// The lane of the chunk just read. Every official client keeps each choice by itself, and a choice's texts apart from its tool calls: fragments of
    /// calls and pieces of text commute. A chunk that does anything else keeps its place.
    /// </summary>
    public int Lane => _keepsPlace || _frameChoices != 1 || (_hasText && _hasCall) ? StreamFrame.InOrder : (2 * _lastChoice) + (_hasCall ? 1 : 0);

    public void Begin(StreamFrame frame)
    {
        _texts.Begin(frame);
        _frameChoices = 0;
        _keepsPlace = _hasText = _hasCall = false;
    }

    public void EndAll() => _texts.EndAll(null);

    public void Fault(string reason) => _texts.Fault(reason);

    public void Text(in TextPlace place, int choice, JsonString text, ulong variant)
    {
        if (!place.IsWhole && IsFinished(choice) && !text.IsEmpty)
        {
            Fault(StreamFaults.AfterFinish);
        }

        _hasText |= choice >= 0 && place.Surface != Surface.Metadata;
        _texts.Text(place, choice, text, variant);
    }

    public void ResponseId(JsonString id)
    {
        if (!id.IsEmpty && _texts.EnvelopeChanged((ulong)ChatMember.Id, id))
        {
            Id = id.ToString();
            _texts.Text(TextPlaces.Metadata, -1, id, 0);
        }

        _texts.Frame.ResponseId = Id;
    }

    public void Model(JsonString model)
    {
        if (!model.IsEmpty && _texts.EnvelopeChanged((ulong)ChatMember.Model, model))
        {
            ModelName = model.ToString();
            _texts.Text(TextPlaces.Metadata, -1, model, 0);
        }

        _texts.Frame.Model = ModelName;
    }

    public void Usage(in TokenUsage usage)
    {
        _texts.Frame.Usage = usage;
        _keepsPlace = true;
    }

    public void Error(string? code)
    {
        _keepsPlace = true;
        _texts.Frame.IsProviderError = true;
        _texts.Frame.ErrorCode ??= code;
    }

    public void OpenChoice(int choice)
    {
        _frameChoices++;
        _lastChoice = choice;
        if ((uint)choice >= (uint)_finished.Length)
        {
            Fault(StreamFaults.IndexJump);
        }
        else
        {
            Choices = Math.Max(Choices, choice + 1);
        }
    }

    public void EndChoice(int choice, string? finish)
    {
        if (finish is null)
        {
            return;
        }

        _keepsPlace = true;
        _texts.Frame.FinishReason = finish;
        _calls.CheckAllNamed(choice);
        _texts.EndAll(choice);
        if ((uint)choice < (uint)_finished.Length)
        {
            _finished[choice] = true;
            FinishedMask |= choice < 31 ? 1 << choice : 0;
        }
    }

    public void OpenTool(in ToolStart tool)
    {
        _hasCall = true;
        if (IsFinished(tool.Choice))
        {
            Fault(StreamFaults.AfterFinish);
        }

        _calls.Open(tool);
    }

    public void ToolArguments(JsonString arguments, bool isText) => _calls.Arguments(arguments, isText);

    public void ToolInput(ReadOnlySpan<byte> json, int tokenStart) =>
        _calls.Arguments(new JsonString(json, escaped: false, tokenStart) { IsValue = true }, isText: false);

    public void CloseTool()
    {
    }

    private bool IsFinished(int choice) => (uint)choice < (uint)_finished.Length && _finished[choice];
}
