using System.Buffers;
using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>
/// The running texts of a stream. Pieces of one kind are read joined, whatever item or part they belong to, so a part may not go on once a later one
/// has begun: else a phrase could be dealt out over two parts in turn.
/// </summary>
internal sealed class OpenAIResponsesStreamParts(StreamTexts texts, List<ResponsesStreamItem> items)
{
    private const int MaxParts = 1024;

    // A model's longest answer is below a tenth of this.
    private const int MaxText = 16 * 1024 * 1024;

    // Each costs a look at the whole answer.
    private const int MaxReports = 64;

    private readonly Dictionary<TextKind, (int Item, int Part)> _latest = [];
    private int _length;
    private readonly Dictionary<TextKind, int> _again = [];
    private bool _isRestated;
    private int _reports;

    /// <summary>Begins to read an event.</summary>
    public void Begin() => _again.Clear();

    /// <summary>The next piece of a text.</summary>
    public void Delta(ResponsesStreamItem item, in TextPlace place, int index, JsonString text, int atEvent)
    {
        if (Open(item, place.Kind, index, atEvent) is not { } part)
        {
            texts.Text(TextPlaces.Alternative, 0, text, 0);
            return;
        }

        if (part.DoneAt != int.MaxValue)
        {
            texts.Fault(StreamFaults.AfterFinish);
        }

        Append(item, part, place, text, atEvent);
    }

    /// <summary>A text that stands whole: nothing new, all of it new, or another one than its pieces gave.</summary>
    public void Full(ResponsesStreamItem item, in TextPlace place, int index, JsonString text, int atEvent)
    {
        var part = text.IsEmpty ? item.Find(place.Kind, index) : Open(item, place.Kind, index, atEvent);
        if (part is null || (text.IsEmpty && part.Text.Length == 0))
        {
            return;
        }

        if (part.Text.Length == 0)
        {
            Append(item, part, place, text, atEvent);
            return;
        }

        var buffer = ArrayPool<char>.Shared.Rent(Math.Max(1, text.MaxLength));
        var stated = buffer.AsSpan(0, text.Decode(buffer));
        if (texts.Frame.EveryText)
        {
            texts.Again(place, text);
            _again[place.Kind] = _again.GetValueOrDefault(place.Kind) + stated.Length;
        }

        if (!part.Text.Equals(stated) && (part.Restated is null || !stated.SequenceEqual(part.Restated)))
        {
            Restate(part, place, stated.ToString());
        }
        else if (_isRestated)
        {
            Report(place);
        }

        ArrayPool<char>.Shared.Return(buffer);
    }

    /// <summary>The part, opened where it is new; null after a fault.</summary>
    public ResponsesStreamPart? Open(ResponsesStreamItem item, TextKind kind, int index, int atEvent)
    {
        if (item.Find(kind, index) is { } known)
        {
            return known;
        }

        if (index is < 0 or >= MaxParts || item.Parts.Count == MaxParts)
        {
            texts.Fault(StreamFaults.IndexJump);
            return null;
        }

        var part = new ResponsesStreamPart(kind, index, atEvent);
        item.Parts.Add(part);
        return part;
    }

    /// <summary>Ends all texts of an item.</summary>
    public static void CloseAll(ResponsesStreamItem item, int atEvent)
    {
        foreach (var part in item.Parts)
        {
            part.Close(atEvent, wholePart: true);
        }
    }

    /// <summary>
    /// Checks the prose of the terminal event, which is what many clients show in the end. It has been inspected where it is what the pieces gave, or
    /// what the closing events stated.
    /// </summary>
    public void CheckFinal(string prose)
    {
        if (prose.Length > 0 && !IsGivenAgain(TextKind.Prose, prose) && prose != Joined(TextKind.Prose, restated: false) && prose != Joined(TextKind.Prose, restated: true))
        {
            texts.Frame.Add(DeltaKind.Whole, -1, Surface.Output, Trust.Model, prose);
        }
    }

    private void Append(ResponsesStreamItem item, ResponsesStreamPart part, in TextPlace place, JsonString text, int atEvent)
    {
        var here = (items.IndexOf(item), part.Index);
        if (_latest.TryGetValue(place.Kind, out var latest) && here.CompareTo(latest) < 0)
        {
            texts.Fault(StreamFaults.BlockReopened);
        }

        _latest[place.Kind] = here;
        _length += text.MaxLength;
        if (_length > MaxText)
        {
            texts.Fault(StreamFaults.TooManyItems);
            return;
        }

        var buffer = ArrayPool<char>.Shared.Rent(Math.Max(1, text.MaxLength));
        part.Append(buffer.AsSpan(0, text.Decode(buffer)), atEvent);
        ArrayPool<char>.Shared.Return(buffer);
        texts.Text(place, 0, text, 0);
    }

    private void Restate(ResponsesStreamPart part, in TextPlace place, string text)
    {
        part.Restated = text;
        _isRestated = true;
        Report(place);
    }

    /// <summary>Reports the text of a kind as the closing events state it, from the start: a phrase may end here that began in an earlier part.</summary>
    private void Report(in TextPlace place)
    {
        if (++_reports > MaxReports)
        {
            texts.Fault(StreamFaults.TextChanged);
            return;
        }

        var joined = Joined(place.Kind, restated: true);
        if (!IsGivenAgain(place.Kind, joined))
        {
            texts.Frame.Add(DeltaKind.Whole, -1, place.Surface, place.Trust, joined);
        }
    }

    // What an event repeats is part of the joined text and in its order, so that one of the same length is the same.
    private bool IsGivenAgain(TextKind kind, string joined) => _again.GetValueOrDefault(kind) == joined.Length;

    private string Joined(TextKind kind, bool restated)
    {
        var joined = new StringBuilder();
        foreach (var part in items.SelectMany(item => item.Parts.Where(part => part.Kind == kind).OrderBy(part => part.Index)))
        {
            if (restated && part.Restated is not null)
            {
                joined.Append(part.Restated);
            }
            else
            {
                joined.Append(part.Text);
            }
        }

        return joined.ToString();
    }
}
