using Gateway.Core.Formats;

namespace Gateway.Core.Guards;

/// <summary>A stream as the client gets it, with spans replaced. Reads what is released, frame by frame.</summary>
internal sealed class ReleasedStream(IStreamReader reader) : IDisposable
{
    private readonly SseFrameReader _frames = new();
    private readonly StreamFrame _frame = new();

    /// <summary>The reader, which has read just what the client has.</summary>
    public IStreamReader Reader { get; } = reader;

    /// <summary>Reads a frame that the client gets.</summary>
    public void Follow(ReadOnlySpan<byte> raw)
    {
        _frames.Append(raw);
        while (_frames.TryRead(out var sse))
        {
            Reader.Read(sse, _frame);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _frames.Dispose();
}
