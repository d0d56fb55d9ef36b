using Gateway.Core.Exchanges;
using Gateway.Core.Formats;

namespace Gateway.Core.Guards;

/// <summary>
/// What the redacting guards want replaced in the texts of one stream. A span in a text that cannot be changed blocks: better no answer than one
/// with the span in it.
/// </summary>
internal sealed class StreamRedactions(IReadOnlyList<ITextRedactor> redactors, GuardMode mode, Action<Finding> report)
{
    private readonly List<RedactedSpan> _found = [];

    /// <summary>Whether any guard redacts.</summary>
    public bool Any { get; } = redactors.Count > 0 && mode != GuardMode.Off;

    /// <summary>Begins to read a running text; null where no guard looks at it.</summary>
    public List<ITextRedaction>? Begin(Surface surface, Trust trust, SegmentFlags flags)
    {
        List<ITextRedaction>? readings = null;
        foreach (var redactor in Any ? redactors : [])
        {
            if (redactor.Begin(surface, trust, flags) is { } reading)
            {
                (readings ??= []).Add(reading);
            }
        }

        return readings;
    }

    /// <summary>The edits of a text that is there as a whole.</summary>
    public List<TextEdit> Whole(ReadOnlySpan<char> text, Surface surface, Trust trust, SegmentFlags flags, bool editable)
    {
        var edits = new List<TextEdit>();
        foreach (var reading in Begin(surface, trust, flags) ?? [])
        {
            reading.Feed(text, _found);
            reading.Complete(_found);
        }

        Accept(edits, 0, editable && (flags & (SegmentFlags.Key | SegmentFlags.Opaque)) == 0);
        return edits;
    }

    /// <summary>Blocks for what stands in <paramref name="text"/>, but in none of its <paramref name="strings"/> alone: that cannot be changed.</summary>
    public void Outside(string text, StreamChannel channel, List<(int Start, int End)> strings)
    {
        foreach (var reading in Begin(channel.Surface, channel.Trust, channel.Flags) ?? [])
        {
            reading.Feed(text, _found);
            reading.Complete(_found);
        }

        _found.RemoveAll(span => IsInside(span, strings));
        Accept([], 0, editable: false);
    }

    private static bool IsInside(in RedactedSpan span, List<(int Start, int End)> strings)
    {
        int low = 0, high = strings.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = strings[middle].Start < span.Start ? (middle + 1, high) : (low, middle);
        }

        // The last string that begins before the span.
        return low > 0 && span.End < strings[low - 1].End;
    }

    /// <summary>The edits of spans that go over one of the <paramref name="seams"/> of a text that stands in several places; the others were found there.</summary>
    public List<TextEdit> AcrossSeams(string text, Surface surface, Trust trust, bool editable, List<int> seams)
    {
        var edits = new List<TextEdit>();
        foreach (var reading in Begin(surface, trust, SegmentFlags.None) ?? [])
        {
            reading.Feed(text, _found);
            reading.Complete(_found);
        }

        _found.RemoveAll(span => !IsAcross(span, seams));
        Accept(edits, 0, editable);
        return edits;
    }

    private static bool IsAcross(in RedactedSpan span, List<int> seams)
    {
        var next = seams.BinarySearch((int)span.Start + 1);
        next = next < 0 ? ~next : next;
        return next < seams.Count && seams[next] < span.End;
    }

    /// <summary>Reads the next piece of a running text that begins at <paramref name="origin"/> of its channel.</summary>
    public void Feed(List<ITextRedaction> readings, ReadOnlySpan<char> text, int origin, bool editable, List<TextEdit> edits)
    {
        foreach (var reading in readings)
        {
            reading.Feed(text, _found);
        }

        Accept(edits, origin, editable);
    }

    /// <summary>Ends a running text.</summary>
    public void Complete(List<ITextRedaction> readings, int origin, bool editable, List<TextEdit> edits)
    {
        foreach (var reading in readings)
        {
            reading.Complete(_found);
        }

        Accept(edits, origin, editable);
    }

    private void Accept(List<TextEdit> edits, int origin, bool editable)
    {
        if (_found.Count == 0)
        {
            return;
        }

        foreach (var span in _found)
        {
            var finding = mode == GuardMode.Monitor ? span.Finding with { Mode = GuardMode.Monitor } : span.Finding;
            report(editable ? finding : finding with { Action = PolicyAction.Block });
            if (finding.Mode == GuardMode.Enforce && span.Length > 0)
            {
                edits.Add(new TextEdit(origin + (int)span.Start, span.Length, span.Replacement));
            }
        }

        _found.Clear();
        var united = TextEdit.Unite(edits);
        edits.Clear();
        edits.AddRange(united);
    }
}
