using System.Text;
using Gateway.Core.Detection.Patterns;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Policies;

namespace Gateway.Core.Guards;

/// <summary>
/// Where a piece of a channel's text stands in the bytes of a frame. <paramref name="Start"/> and <paramref name="Length"/> are the UTF-16 units of
/// the channel that the JSON token at <paramref name="TokenStart"/> spells.
/// </summary>
internal readonly record struct ChannelPlace(StreamChannel Channel, int Start, int Length, int TokenStart, bool IsValue, bool EndsInHalf);

/// <summary>One running text or tool call of a stream.</summary>
internal sealed class StreamChannel
{
    private readonly List<TextEdit> _edits = [];
    private List<ITextRedaction>? _readings;
    private int _origin;
    private int _done;

    public required Surface Surface { get; init; }

    public required Trust Trust { get; init; }

    public required SegmentFlags Flags { get; init; }

    public SurfaceRules? Rules { get; init; }

    public PatternScanner? Scanner { get; init; }

    /// <summary>The lane to which its frames belong.</summary>
    public int Lane { get; set; }

    /// <summary>A tool call so far: its arguments.</summary>
    public StringBuilder? Tool { get; set; }

    /// <summary>Its name; null where the call only repeats another.</summary>
    public string? ToolName { get; set; }

    public bool IsFreeText { get; set; }

    public bool Ended { get; set; }

    /// <summary>The stream is over: nothing is undecided any more.</summary>
    public bool IsOver { get; set; }

    public int Reported { get; set; }

    /// <summary>Part of the text stands where it cannot be changed.</summary>
    public bool IsFixed { get; set; }

    /// <summary>UTF-16 units so far.</summary>
    public int Length { get; set; }

    /// <summary>Length of the text that came before the scanner was last reset: positions count from the start of the channel.</summary>
    public long Before { get; set; }

    /// <summary>Nothing that is still to be found begins before this position.</summary>
    public long SafePosition => IsOver ? long.MaxValue
        : Tool is not null ? (Ended ? long.MaxValue : 0)
        : Math.Min(Before + Scanner?.SafePosition ?? long.MaxValue, RedactionSafePosition);

    private long RedactionSafePosition
    {
        get
        {
            var safe = long.MaxValue;
            if (_readings is null)
            {
                return safe;
            }

            foreach (var reading in _readings)
            {
                safe = Math.Min(safe, _origin + reading.SafePosition);
            }

            return safe;
        }
    }

    /// <summary>Lets the redacting guards read the next piece, which <see cref="Length"/> does not count yet.</summary>
    public void Redact(StreamRedactions redactions, ReadOnlySpan<char> text)
    {
        if (_readings is null)
        {
            _readings = redactions.Begin(Surface, Trust, Flags);
            _origin = Length;
        }

        if (_readings is not null)
        {
            ForgetDone();
            redactions.Feed(_readings, text, _origin, IsEditable, _edits);
        }
    }

    /// <summary>The running text has ended.</summary>
    public void EndRedaction(StreamRedactions redactions)
    {
        if (_readings is not null)
        {
            ForgetDone();
            redactions.Complete(_readings, _origin, IsEditable, _edits);
            _readings = null;
        }
    }

    /// <summary>Whether a span of the text can be replaced.</summary>
    public bool IsEditable => !IsFixed && (Flags & (SegmentFlags.Key | SegmentFlags.Opaque)) == 0;

    /// <summary>Adds edits of a tool call's arguments.</summary>
    public void Edit(IEnumerable<TextEdit> edits)
    {
        var united = TextEdit.Unite(_edits.Concat(edits));
        _edits.Clear();
        _edits.AddRange(united);
    }

    /// <summary>
    /// The edits of one token, counted from its start: a span that goes over several tokens is replaced in the first and cut out of the others. Tokens
    /// are asked for in order.
    /// </summary>
    public List<TextEdit>? EditsOf(in ChannelPlace place)
    {
        var (start, end) = (place.Start, place.Start + place.Length);
        while (_done < _edits.Count && _edits[_done].End <= start)
        {
            _done++;
        }

        if (place.EndsInHalf)
        {
            KeepTogether(end);
        }

        List<TextEdit>? own = null;
        for (var i = _done; i < _edits.Count && _edits[i].Start < end; i++)
        {
            var edit = _edits[i];
            var from = Math.Max(edit.Start, start);
            var length = Math.Min(edit.End, end) - from;
            if (length > 0)
            {
                (own ??= []).Add(new TextEdit(from - start, length, edit.Start >= start ? edit.Replacement : ""));
            }
        }

        return own;
    }

    // A character stands half in this token and half in the next: no edit may take one half only.
    private void KeepTogether(int seam)
    {
        for (var i = _done; i < _edits.Count && _edits[i].Start <= seam; i++)
        {
            var start = _edits[i].Start == seam ? seam - 1 : _edits[i].Start;
            var end = _edits[i].End == seam ? seam + 1 : _edits[i].End;
            start = i > _done ? Math.Max(start, _edits[i - 1].End) : start;
            _edits[i] = new TextEdit(start, Math.Max(0, end - start), _edits[i].Replacement);
        }
    }

    // Edits are found in order and tokens asked for in order: what is behind both is not looked at again.
    private void ForgetDone()
    {
        _edits.RemoveRange(0, _done);
        _done = 0;
    }
}
