using System.Buffers;
using System.Collections.Immutable;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Policies;

namespace Gateway.Core.Guards;

/// <summary>
/// Stands between the provider's stream and the client. Bytes go in as they come, whole frames come out once every guard that must see them
/// has: a frame is held while a match that could still complete began in its text or before, and while a tool call is not whole. Frames
/// leave with the bytes they came. Those that arrive together leave in the order they came; when a chunk has been read and the frame that has
/// waited longest has to go on waiting, later frames of other lanes (<see cref="StreamFrame.Lane"/>) pass it. One per attempt, not thread-safe.
/// </summary>
/// <remarks>
/// The hold-back is bounded by the longest match of the policy's patterns (the policy compiler refuses unbounded ones on streamed surfaces) and,
/// for tool calls, by <see cref="MostHeldBytes"/>.
/// </remarks>
public sealed class StreamInspector : IDisposable
{
    /// <summary>The most bytes held back; a stream that needs more is cut.</summary>
    public const int MostHeldBytes = 4 * 1024 * 1024;

    /// <summary>The fault of a stream in which a span could not be replaced.</summary>
    internal const string RedactionFailed = "redaction_failed";

    private readonly IStreamReader _reader;
    private readonly ContentRuleSet _rules;
    private readonly Action<Finding> _report;
    private readonly Func<StreamEnd, CutNotice> _notice;
    private readonly IFrameReader _frames;
    private readonly StreamFrame _frame;
    private readonly SseLineTexts _lines;
    private readonly StreamChannels _channels;
    private readonly StreamRedactions _redactions;
    private readonly HeldFrames _held = new();
    private readonly ReleasedStream? _seen;
    private readonly Func<HeldFrame, bool> _isSafe;
    private readonly Action _judgeFrame;
    private StreamPosition _read = StreamPosition.None;
    private StreamPosition _released = StreamPosition.None;

    /// <summary>Creates an inspector.</summary>
    /// <param name="reader">The format's reader of this stream.</param>
    /// <param name="policy">The policy of the exchange.</param>
    /// <param name="report">Takes findings; monitored ones too.</param>
    /// <param name="notice">What to tell the client for a given end.</param>
    /// <param name="redactors">The guards that replace spans.</param>
    /// <param name="second">
    /// Another reader of this stream, needed where guards replace spans: it reads what the client gets, so that an ending that repeats what was said
    /// repeats it as it was released.
    /// </param>
    public StreamInspector(
        IStreamReader reader,
        TenantPolicy policy,
        Action<Finding> report,
        Func<StreamEnd, CutNotice> notice,
        IReadOnlyList<ITextRedactor>? redactors = null,
        IStreamReader? second = null)
    {
        _reader = reader;
        _frames = reader.CreateFrames();
        _judgeFrame = JudgeFrame;
        _lines = new SseLineTexts(reader.AnswersForEventNames);
        _rules = policy.Runs(GuardId.Content) ? policy.Content : ContentRuleSet.Empty;
        _report = report;
        _notice = notice;
        _redactions = new StreamRedactions(redactors ?? [], policy.Mode, Report);
        _channels = new StreamChannels(_rules, policy.Mode, Report, _redactions, new AnswerOverrides(policy.Emergency, Report));
        _frame = new StreamFrame { EveryText = _redactions.Any };
        _seen = _redactions.Any && second is not null ? new ReleasedStream(second) : null;
        _isSafe = frame => _channels.AreSafe(frame.Barriers);
    }

    /// <summary>How the stream ended, or <see cref="StreamEnd.None"/>.</summary>
    public StreamEnd End { get; private set; }

    /// <summary>The finding that stopped it.</summary>
    public Finding? Block { get; private set; }

    /// <summary>The closed word for a fault of the provider's stream, or its error code.</summary>
    public string? Fault { get; private set; }

    /// <summary>What a guard threw, where one failed.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Usage the provider reported.</summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary>Model the provider named.</summary>
    public string? Model { get; private set; }

    /// <summary>Id the provider gave.</summary>
    public string? ResponseId { get; private set; }

    /// <summary>Finish reasons seen.</summary>
    public List<string> FinishReasons { get; } = [];

    /// <summary>UTF-16 units of text read.</summary>
    public long InspectedText => _channels.InspectedText;

    /// <summary>Text of the frames released, counted frame by frame as each goes.</summary>
    public TextCounts Delivered { get; } = new();

    /// <summary>Text that was given to the content rules.</summary>
    public TextCounts Scanned => _channels.Scanned;

    /// <summary>The tools called; null: none.</summary>
    public ToolNames? CalledTools => _channels.CalledTools;

    /// <summary>Whether anything is held back now.</summary>
    public bool IsHolding => _held.Count > 0;

    /// <summary>Whether the frame that has waited longest waits for a tool call.</summary>
    public bool IsHoldingToolCall => _held.Count > 0 && _held.First.Barriers.Any(barrier => barrier.Position == long.MaxValue);

    /// <summary>Bytes that keep the client's connection alive and change nothing.</summary>
    public ReadOnlySpan<byte> KeepAlive => _reader.KeepAlive;

    /// <summary>Takes the next bytes of the provider and writes what may go on to <paramref name="output"/>.</summary>
    public void Feed(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        if (End != StreamEnd.None)
        {
            return;
        }

        _frames.Append(bytes);
        TakeAll(output);
    }

    /// <summary>The provider's stream is over. Without a terminator that is a fault: every SDK would take the part for the whole.</summary>
    public void Complete(IBufferWriter<byte> output)
    {
        _frames.Complete();
        TakeAll(output);
        if (End == StreamEnd.None && _reader.MayEnd && !_frames.HasUnfinishedFrame)
        {
            Finish(output);
        }
        else if (End == StreamEnd.None)
        {
            Cut(StreamEnd.UpstreamFault, StreamFaults.Truncated, output);
        }
    }

    /// <summary>Ends the stream for a reason outside it.</summary>
    public void Abort(StreamEnd end, string fault, IBufferWriter<byte> output)
    {
        if (End == StreamEnd.None)
        {
            Cut(end, fault, output);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _held.Clear();
        _frames.Dispose();
        _seen?.Dispose();
    }

    private void TakeAll(IBufferWriter<byte> output)
    {
        while (End == StreamEnd.None && _frames.TryRead(out var sse))
        {
            Take(sse, output);
        }

        if (End == StreamEnd.None && _frames.Fault is { } fault)
        {
            Cut(StreamEnd.UpstreamFault, fault, output);
        }

        if (_held.Count > 0)
        {
            Release(mayPass: true, output);
        }
    }

    private void Finish(IBufferWriter<byte> output)
    {
        if (!TryJudge(_channels.CompleteAll, output) || CutIfJudged(output))
        {
            return;
        }

        Release(mayPass: false, output);
        End = End == StreamEnd.None ? StreamEnd.Complete : End;
    }

    private void Take(in SseFrame sse, IBufferWriter<byte> output)
    {
        _reader.Read(sse, _frame);
        if (_frames is SseFrameReader)
        {
            _lines.Read(sse, _frame);
        }

        KeepPlaceIfItMatters();
        Remember();
        if (_frame.Fault is { } fault)
        {
            Cut(StreamEnd.UpstreamFault, fault, output);
            return;
        }

        if (!TryJudge(_judgeFrame, output) || CutIfJudged(output))
        {
            return;
        }

        if (_frame.IsProviderError)
        {
            // The provider's own words may quote prompts, keys or accounts, and not every SDK raises on its frame: the gateway's does both better.
            Cut(StreamEnd.ProviderError, _frame.ErrorCode ?? "provider_error", output);
            return;
        }

        Pass(sse, output);
        if (_frame.IsTerminal && End == StreamEnd.None)
        {
            End = StreamEnd.Complete;
        }
    }

    private bool CutIfJudged(IBufferWriter<byte> output)
    {
        var isBad = Block is not null || _channels.Fault is not null;
        if (isBad)
        {
            Cut(Block is not null ? StreamEnd.Violation : StreamEnd.UpstreamFault, _channels.Fault, output);
        }

        return isBad;
    }

    private void JudgeFrame()
    {
        _channels.Read(_frame);
        if (_frame.IsTerminal || _frame.IsProviderError)
        {
            _channels.CompleteAll();
        }
    }

    private bool TryJudge(Action judge, IBufferWriter<byte> output)
    {
        try
        {
            judge();
            return true;
        }
        catch (Exception exception) when (_redactions.Any)
        {
            // A guard that fails has found nothing and cleared nothing.
            Failure = exception;
            Cut(StreamEnd.GuardError, "guard_failed", output);
            return false;
        }
    }

    private void Pass(in SseFrame sse, IBufferWriter<byte> output)
    {
        var places = _redactions.Any && !_frame.Withhold ? FramePlaces.Of(sse, _channels) : FramePlaces.None;
        if (_held.Count == 0 && _channels.FrameIsSafe)
        {
            if (_frame.Withhold)
            {
                _released = _read;
            }
            else if (TryWrite(sse.Raw, places, output))
            {
                _released = _read;
                foreach (var delta in _frame.Deltas)
                {
                    Delivered.Add(delta.Surface, delta.Kind == DeltaKind.AppendAgain ? 0 : delta.TextLength);
                }
            }

            return;
        }

        if (_held.Bytes + sse.Raw.Length > MostHeldBytes)
        {
            Cut(StreamEnd.UpstreamFault, "held_too_much", output);
            return;
        }

        _held.Add(_frame.Withhold ? [] : sse.Raw, _frame.Lane, _read, _channels.Barriers, places, TextsOfFrame());
        Release(mayPass: false, output);
    }

    private void Release(bool mayPass, IBufferWriter<byte> output)
    {
        while (_held.TryTake(mayPass, _isSafe) is { } frame)
        {
            var written = TryWrite(frame.Bytes, frame.Places, output);
            HeldFrames.Return(frame);
            if (!written)
            {
                return;
            }

            foreach (var (surface, units) in frame.Texts)
            {
                Delivered.Add(surface, units);
            }

            // A comment passes frames that the client has not seen; it changes no position itself.
            _released = frame.Lane == StreamFrame.AnyOrder ? _released : frame.Position;
        }
    }

    private ImmutableArray<(Surface Surface, int Units)> TextsOfFrame()
    {
        if (_frame.Withhold)
        {
            return [];
        }

        var texts = ImmutableArray.CreateBuilder<(Surface Surface, int Units)>(_frame.Deltas.Count);
        foreach (var delta in _frame.Deltas)
        {
            texts.Add((delta.Surface, delta.Kind == DeltaKind.AppendAgain ? 0 : delta.TextLength));
        }

        return texts.MoveToImmutable();
    }

    private bool TryWrite(ReadOnlySpan<byte> raw, FramePlaces places, IBufferWriter<byte> output)
    {
        if (places.Edits() is not { } edits)
        {
            output.Write(raw);
            _seen?.Follow(raw);
            return true;
        }

        if (FrameEditor.Apply(raw, edits) is { } edited)
        {
            output.Write(edited);
            _seen?.Follow(edited);
            return true;
        }

        Cut(StreamEnd.GuardError, RedactionFailed, output);
        return false;
    }

    // The ending of a cut stream depends on what the client has seen: frames on which it depends pass none and are passed by none, so the position
    // of the frame released last is that of all the client has.
    private void KeepPlaceIfItMatters()
    {
        var position = _reader.Position;
        if (position != _read)
        {
            _frame.Lane = StreamFrame.InOrder;
            _read = position;
        }
    }

    private void Remember()
    {
        Usage = _frame.Usage ?? Usage;
        Model ??= _frame.Model;
        ResponseId ??= _frame.ResponseId;
        if (_frame.FinishReason is { } reason && FinishReasons.Count < 128)
        {
            FinishReasons.Add(reason);
        }
    }

    private void Report(Finding finding)
    {
        _report(finding);
        if (finding.Blocks)
        {
            Block ??= finding;
        }
    }

    private void Cut(StreamEnd end, string? fault, IBufferWriter<byte> output)
    {
        End = end;
        Fault = fault ?? Fault;
        _held.Clear();
        (_seen?.Reader ?? _reader).WriteCut(_notice(end), _seen?.Reader.Position ?? _released, output);
    }
}
