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
        foreach (var leaf in edits.GroupBy(one => one.Leaf))
        {
            var token = Find(view, leaf.Key);
            var own = TextEdit.Unite(leaf.Select(one => one.Edit));
            if (token < 0 || view[token].IsName || !JsonStringEditor.TryReplace(json, view[token].Start, own, out var inner))
            {
                return false;
            }

            outer.Add(OfText(json, inner));
        }

        outer.Sort((a, b) => a.Start.CompareTo(b.Start));
        return true;
    }

    /// <summary>
    /// The edit <paramref name="edit"/> of the bytes <paramref name="utf8"/> as an edit of the text they spell.
    /// </summary>
    public static TextEdit OfText(ReadOnlySpan<byte> utf8, BodyEdit edit) => new(
        Encoding.UTF8.GetCharCount(utf8[..edit.Range.Start]),
        Encoding.UTF8.GetCharCount(utf8[edit.Range.Start..edit.Range.End]),
        Encoding.UTF8.GetString(edit.Replacement.Span));

    private static int Find(JsonView view, int leaf)
    {
        for (var at = 0; at < view.Count; at++)
        {
            if (view[at].Kind == JsonKind.String && view[at].Length > 2 && leaf-- == 0)
            {
                return at;
            }
        }

        return -1;
    }
}
