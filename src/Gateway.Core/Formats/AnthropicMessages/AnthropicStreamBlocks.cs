using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>
/// Turns what the walker finds in events into deltas and holds the stream to its grammar: one message, blocks numbered from 0 that open and
/// close one after the other, then the stop reason, then the end.
/// </summary>
internal sealed class AnthropicStreamBlocks : IResponseSink
{
    private const ulong IdSlot = 0;
    private const ulong ModelSlot = 1;

    private readonly StreamTexts _texts = new();
    private int _tool = -1;
    private bool _hasInput;
    private bool _hasWholeInput;
    private bool _finished;

    public bool Started { get; private set; }

    public bool Ended { get; private set; }

    /// <summary>The index of the open block, or -1.</summary>
    public int Open { get; private set; } = -1;

    public BlockKind OpenKind { get; private set; }

    /// <summary>Number of blocks seen.</summary>
    public int Count { get; private set; }

    public string? ModelName { get; private set; }

    public string? Id { get; private set; }

    public AnthropicResponseUsage Tokens { get; } = new();

    /// <summary>Where the frame's running text stood.</summary>
    public AppendedText Appended => _texts.Appended;

    public void Begin(StreamFrame frame) => _texts.Begin(frame);

    public void Fault(string reason) => _texts.Fault(reason);

    public void StartMessage()
    {
        FaultIf(Started, StreamFaults.StartedTwice);
        Started = true;
    }

    /// <summary>Blocks that the start event already holds, whole.</summary>
    public void CountBlocks(int count) => Count = count;

    public void StartBlock(int index, BlockKind kind)
    {
        FaultIf(!Started, StreamFaults.NotStarted);
        FaultIf(_finished, StreamFaults.AfterFinish);
        FaultIf(Open >= 0, StreamFaults.BlockStillOpen);
        FaultIf(index >= 0 && index < Count, StreamFaults.BlockReopened);
        FaultIf(index != Count, StreamFaults.IndexJump);
        Open = Count++;
        OpenKind = kind;
        _tool = -1;
    }

    public void CheckOpen(int index) => FaultIf(Open < 0 || index != Open, StreamFaults.BlockNotOpen);

    /// <summary>Refuses a delta of a kind that clients would drop, or apply, to a block of another.</summary>
    public void CheckDelta(AnthropicMember delta)
    {
        var fits = delta switch
        {
            AnthropicMember.Text or AnthropicMember.Citation => OpenKind is BlockKind.Text or BlockKind.Unknown,
            AnthropicMember.Thinking or AnthropicMember.Signature => OpenKind is BlockKind.Thinking or BlockKind.Unknown,
            AnthropicMember.PartialJson => _tool >= 0,
            _ => true,
        };
        FaultIf(!fits, StreamFaults.BlockTypeMismatch);
    }

    public void StopBlock(int index)
    {
        CheckOpen(index);
        if (_tool >= 0)
        {
            CompleteTool();
        }

        Open = -1;
    }

    public void StopMessage()
    {
        FaultIf(!Started, StreamFaults.NotStarted);
        FaultIf(Open >= 0, StreamFaults.BlockStillOpen);
        Ended = true;
        _texts.EndAll(null);
    }

    public void Text(in TextPlace place, int choice, JsonString text, ulong variant) => _texts.Text(place, choice, text, variant);

    public void ResponseId(JsonString id)
    {
        Id = id.ToString();
        _texts.Frame.ResponseId = Id;
        _texts.Text(TextPlaces.Envelope, -1, id, IdSlot);
    }

    public void Model(JsonString model)
    {
        ModelName = model.ToString();
        _texts.Frame.Model = ModelName;
        _texts.Text(TextPlaces.Envelope, -1, model, ModelSlot);
    }

    public void Usage(in TokenUsage usage) => _texts.Frame.Usage = usage;

    public void Error(string? code)
    {
        _texts.Frame.IsProviderError = true;
        _texts.Frame.ErrorCode ??= code;
    }

    public void OpenChoice(int choice)
    {
    }

    public void EndChoice(int choice, string? finish)
    {
        FaultIf(!Started, StreamFaults.NotStarted);
        FaultIf(Open >= 0, StreamFaults.BlockStillOpen);
        if (finish is not null)
        {
            _finished = true;
            _texts.Frame.FinishReason = finish;
            _texts.EndAll(null);
        }
    }

    public void OpenTool(in ToolStart tool)
    {
        FaultIf(tool.Name.IsEmpty, StreamFaults.ToolWithoutName);
        _tool = _texts.OpenTool(0, tool.Name, tool.ProviderSide ? SegmentFlags.ProviderSide : SegmentFlags.None);
        _hasInput = _hasWholeInput = false;
    }

    // Where the start event holds the whole input, some clients replace it by the deltas and some do not.
    public void ToolArguments(JsonString arguments, bool isText)
    {
        FaultIf(_hasWholeInput && !arguments.IsEmpty, StreamFaults.BlockTypeMismatch);
        AddInput(arguments);
    }

    public void ToolInput(ReadOnlySpan<byte> json, int tokenStart)
    {
        // An empty object is what the start event of a call holds whose input follows in deltas.
        if (json[0] != '{' || json[1..^1].ContainsAnyExcept(" \t\r\n"u8))
        {
            _hasWholeInput = true;
            AddInput(new JsonString(json, escaped: false, tokenStart) { IsValue = true });
        }
    }

    public void CloseTool()
    {
        if (Open < 0 && _tool >= 0)
        {
            CompleteTool();
        }
    }

    private void AddInput(JsonString text)
    {
        if (_tool >= 0)
        {
            _hasInput |= !text.IsEmpty;
            _texts.ToolArguments(_tool, text);
        }
        else
        {
            _texts.Text(TextPlaces.Alternative, 0, text, 0);
        }
    }

    private void CompleteTool()
    {
        if (!_hasInput)
        {
            _texts.ToolArguments(_tool, new JsonString("{}"u8, escaped: false, 0));
        }

        _texts.End(_tool);
        _tool = -1;
    }

    private void FaultIf(bool broken, string reason)
    {
        if (broken)
        {
            Fault(reason);
        }
    }
}
