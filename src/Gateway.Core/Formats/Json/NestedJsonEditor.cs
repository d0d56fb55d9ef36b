using System.Text;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Json;

/// <summary>
/// An edit of one string of a JSON text that itself stands in a JSON string. <paramref name="Leaf"/> counts the strings of that text in document
/// order, names of members included, empty strings left out: the order of the segments that a reader makes of them.
/// </summary>
public readonly record struct LeafEdit(int Leaf, TextEdit Edit);

/// <summary>
/// Replaces spans of strings inside a JSON text that stands in a JSON string, such as tool arguments: each edit is made at the inner level,
/// and its bytes again at the outer one, so that the text stays the JSON it was with exactly those spans replaced.
/// </summary>
public static class NestedJsonEditor
{
    /// <summary>
    /// The edit of <paramref name="body"/> for <paramref name="edits"/> of the strings inside the string token at <paramref name="tokenStart"/>.
    /// False where it cannot be made: a name is not editable, and neither is what does not fit.
    /// </summary>
    public static bool TryReplace(ReadOnlySpan<byte> body, int tokenStart, IReadOnlyList<LeafEdit> edits, out BodyEdit edit)
    {
        edit = default;
        return JsonStringEditor.TryFindEnd(body, tokenStart, out var end)
            && TryReplace(JsonStrings.ToString(body[(tokenStart + 1)..end], escaped: true), edits, out var outer)
            && JsonStringEditor.TryReplace(body, tokenStart, outer, out edit);
    }

    /// <summary>Turns edits of the strings inside the JSON text <paramref name="text"/> into edits of that text. False where one cannot be made.</summary>
    public static bool TryReplace(string text, IReadOnlyList<LeafEdit> edits, out List<TextEdit> outer)
    {
        outer = [];
        var json = Encoding.UTF8.GetBytes(text);
        using var tape = new JsonTape();
        StrictJson.ReadNested(json, tape);
        var view = tape.View(json);
        var units = new UnitCounter(json);
        var wanted = edits.ToLookup(one => one.Leaf, one => one.Edit);
        var found = 0;
        for (int at = 0, leaf = -1; at < view.Count; at++)
        {
            if (view[at].Kind != JsonKind.String || view[at].Length <= 2 || !wanted.Contains(++leaf))
            {
                continue;
            }

            found++;
            if (view[at].IsName || !JsonStringEditor.TryReplace(json, view[at].Start, TextEdit.Unite(wanted[leaf]), out var inner))
            {
                return false;
            }

            outer.Add(OfText(ref units, inner));
        }

        return found == wanted.Count;
    }

    /// <summary>The edit of the bytes that <paramref name="units"/> counts as an edit of the text they spell. Edits come in order.</summary>
    internal static TextEdit OfText(ref UnitCounter units, BodyEdit edit)
    {
        var start = units.At(edit.Range.Start);
        return new TextEdit(start, units.At(edit.Range.End) - start, Encoding.UTF8.GetString(edit.Replacement.Span));
    }
}
