using System.Buffers;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Gemini;

/// <summary>Reads the chunks of one streamed Gemini answer, in either framing. Each chunk is a whole answer with the next parts.</summary>
/// <param name="request">The request that is answered: its framing, how many candidates it asked for, its model.</param>
public sealed class GeminiStreamReader(ExchangeRequest request) : IStreamReader
{
    // A picture comes in one chunk; the largest that the published models draw takes about ten million characters of base64.
    private const int LargestFrame = 16 * 1024 * 1024;

    private readonly GeminiStreamSink _sink = new(Math.Max(1, request.ChoiceCount));
    private readonly GeminiPartialCalls _partial = new();
    private bool _started;
    private bool _ended;

    /// <summary>The format has no blocks: <see cref="StreamPosition.Blocks"/> is a bit for each candidate, below 31, that has finished.</summary>
    public StreamPosition Position => new(_started, -1, _sink.Choices, _sink.FinishedMask);

    /// <summary>Neither SDK takes comments everywhere; blank lines, and white space between the elements of an array, are nothing to any reader.</summary>
    public ReadOnlySpan<byte> KeepAlive => "\r\n"u8;

    /// <summary>Events have no terminator: the stream ends when every candidate that began has finished. An array ends with its bracket.</summary>
    public bool MayEnd => request.Framing == StreamFraming.Events && _sink.IsFinished;

    /// <inheritdoc/>
    public IFrameReader CreateFrames() =>
        request.Framing == StreamFraming.Events ? new SseFrameReader(LargestFrame) : new JsonArrayFrameReader(LargestFrame);

    /// <inheritdoc/>
    public void Read(in SseFrame sse, StreamFrame frame)
    {
        frame.Clear();
        _sink.Begin(frame);
        if (request.Framing == StreamFraming.JsonArray && !sse.HasData)
        {
            End(frame);
        }
        else if (request.Framing == StreamFraming.Events && !IsOneDataLine(sse))
        {
            _sink.Fault(StreamFaults.NotADataLine);
        }
        else if (sse.HasData)
        {
            frame.IsMeaningful = true;
            if (_ended)
            {
                _sink.Fault(StreamFaults.AfterTerminator);
            }

            Chunk(sse.Data, frame);
        }
    }

    /// <inheritdoc/>
    public void WriteCut(in CutNotice notice, StreamPosition released, IBufferWriter<byte> output) => GeminiStreamEnding.Write(
        notice, new GeminiEndingPlace(request.Framing, released, request.Model, notice.Error.DecisionId), output);

    private void Chunk(ReadOnlySpan<byte> data, StreamFrame frame)
    {
        var answer = GeminiWalker.Walk(data, _sink, _partial);
        _started = true;
        if (!answer.IsAnswer && !answer.IsError && frame.Fault is null && frame.Usage is null)
        {
            // Neither candidates nor usage: not a chunk of this format.
            _sink.Fault(StreamFaults.WrongType);
        }
    }

    private void End(StreamFrame frame)
    {
        frame.IsMeaningful = true;
        _ended = true;
        if (_sink.IsFinished)
        {
            frame.IsTerminal = true;
            _sink.EndAll();
        }
        else
        {
            _sink.Fault(StreamFaults.Truncated);
        }
    }

    // One SDK reads every line as data whatever it begins with, another joins none: text on any other line would be read by one of them alone.
    private static bool IsOneDataLine(in SseFrame sse)
    {
        var line = sse.Raw.Trim("\r\n"u8);
        return line.IsEmpty || (line.StartsWith("data:"u8) && !line.ContainsAny((byte)'\r', (byte)'\n'));
    }
}
