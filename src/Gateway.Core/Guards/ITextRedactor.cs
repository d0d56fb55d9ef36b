using Gateway.Core.Exchanges;

namespace Gateway.Core.Guards;

/// <summary>A guard that replaces spans of texts, whole or running. Stateless; one instance serves all exchanges.</summary>
public interface ITextRedactor
{
    /// <summary>
    /// Begins to read one text of <paramref name="surface"/>; null where the guard does not look at such texts. Text with
    /// <see cref="SegmentFlags.Opaque"/> or <see cref="SegmentFlags.Key"/> cannot be changed: a span in it blocks.
    /// </summary>
    ITextRedaction? Begin(Surface surface, Trust trust, SegmentFlags flags);
}

/// <summary>The reading of one text, in pieces. Not thread-safe.</summary>
public interface ITextRedaction
{
    /// <summary>No span that is still to be found begins before this position, in UTF-16 units from the start of the text.</summary>
    long SafePosition { get; }

    /// <summary>Reads the next piece; spans that became certain are added to <paramref name="found"/>.</summary>
    void Feed(ReadOnlySpan<char> text, List<RedactedSpan> found);

    /// <summary>The text has ended; adds the last spans to <paramref name="found"/>.</summary>
    void Complete(List<RedactedSpan> found);
}

/// <summary>
/// A span to be replaced. <paramref name="Start"/> counts UTF-16 units from the start of the text, not of the piece. The finding's mode decides
/// whether it is replaced or only recorded.
/// </summary>
public readonly record struct RedactedSpan(long Start, int Length, string Replacement, Finding Finding)
{
    /// <summary>One past the last unit.</summary>
    public long End => Start + Length;
}
