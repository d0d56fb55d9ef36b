using Gateway.Core.Exchanges;

namespace Gateway.Core.Guards;

/// <summary>
/// The texts of one body as one guard gets them. What it hands out it counts, so that what a guard was given can be held against what was
/// delivered without asking the guard. Each segment counts once and only in body order: reading one text twice makes up for no other.
/// </summary>
public sealed class GuardTexts(MessageContent content)
{
    private int _counted;

    /// <summary>The body.</summary>
    public MessageContent Content { get; } = content;

    /// <summary>Text handed out so far.</summary>
    public TextCounts HandedOut { get; } = new();

    /// <summary>The text of <paramref name="segment"/>, which counts as seen.</summary>
    public ReadOnlySpan<char> Read(in Segment segment)
    {
        if (segment.TextStart >= _counted)
        {
            _counted = segment.TextStart + segment.TextLength;
            HandedOut.Add(segment.Surface, segment.TextLength);
        }

        return Content.TextOf(segment);
    }
}
