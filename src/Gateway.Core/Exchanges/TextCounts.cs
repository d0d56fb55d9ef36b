namespace Gateway.Core.Exchanges;

/// <summary>Amounts of text in UTF-16 units, by surface. Not thread-safe.</summary>
public sealed class TextCounts
{
    private readonly long[] _units = new long[(int)Surface.Metadata + 1];

    /// <summary>Units of <paramref name="surface"/>.</summary>
    public long this[Surface surface] => _units[(int)surface];

    /// <summary>Units of all surfaces.</summary>
    public long Total { get; private set; }

    /// <summary>All text of a body.</summary>
    public static TextCounts Of(MessageContent content)
    {
        var counts = new TextCounts();
        foreach (ref readonly var segment in content.Segments)
        {
            counts.Add(segment.Surface, segment.TextLength);
        }

        return counts;
    }

    /// <summary>Adds text.</summary>
    public void Add(Surface surface, long units)
    {
        _units[(int)surface] += units;
        Total += units;
    }

    /// <summary>Adds all of <paramref name="other"/>.</summary>
    public void Add(TextCounts other)
    {
        for (var surface = 0; surface < _units.Length; surface++)
        {
            Add((Surface)surface, other._units[surface]);
        }
    }
}
