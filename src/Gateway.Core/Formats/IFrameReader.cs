namespace Gateway.Core.Formats;

/// <summary>
/// Cuts the bytes of a stream into frames whatever the chunking. The raw bytes of all frames, and of what never became one, are the input again,
/// byte for byte. Not thread-safe; one per stream.
/// </summary>
public interface IFrameReader : IDisposable
{
    /// <summary>Why no more frames can be read, a closed word; null while all is well.</summary>
    string? Fault { get; }

    /// <summary>Whether the bytes after the last whole frame are more than padding.</summary>
    bool HasUnfinishedFrame { get; }

    /// <summary>Adds received bytes. Invalidates spans given out before.</summary>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Says that no more bytes come.</summary>
    void Complete();

    /// <summary>The next whole frame. Its spans stay valid until the next append.</summary>
    bool TryRead(out SseFrame frame);
}
