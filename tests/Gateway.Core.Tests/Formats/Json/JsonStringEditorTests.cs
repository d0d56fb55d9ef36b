using System.Text;
using System.Text.Json;
using CsCheck;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using Xunit;

namespace Gateway.Core.Tests.Formats.Json;

/// <summary>Edits of strings where they stand: exactly the spans change, and every byte outside of them stays.</summary>
public sealed class JsonStringEditorTests
{
    // Spellings of characters as providers and clients send them.
    private static readonly Gen<string> Characters = Gen.OneOf(
        "a", " ", "ü", "☕", "😀", "\\n", "\\\"", "\\\\", "\\/", "\\u0041", "\\u00fc", "\\uD83D\\uDE00", "\\ud83d\\ude00", "{", "}", ":", "'");

    private static readonly Gen<string> Spellings = Characters.Array[0, 24].Select(string.Concat);
    private static readonly Gen<string> Replacements = Gen.OneOf("", "[x]", "\"q\"", "\\", "é😀", "line\nbreak", "\u0001", "\\u0041");
    private static readonly Gen<(int Gap, int Length, string By)[]> Spans = Gen.Select(Gen.Int[0, 6], Gen.Int[1, 6], Replacements).Array[1, 4];

    [Fact]
    public void Replace_changes_exactly_the_spans() => Gen.Select(Spellings, Spans).Sample((spelling, spans) =>
    {
        var body = Encoding.UTF8.GetBytes($"{{\"k\":\"{spelling}\",\"z\":\"{spelling}\"}}");
        var text = Text(body, "k");
        var edits = Edits(text, spans);
        if (edits.Count == 0)
        {
            return;
        }

        var edit = JsonStringEditor.Replace(body, 5, edits);
        var changed = BodyEdit.Apply(body, [edit]);
        Assert.Equal(TextEdit.Apply(text, edits), Text(changed, "k"));
        Assert.Equal(text, Text(changed, "z"));
        Assert.InRange(edit.Range.Start, 6, 6 + Encoding.UTF8.GetByteCount(spelling));
    });

    [Fact]
    public void Replace_keeps_the_spelling_outside_of_the_spans()
    {
        var body = Encoding.UTF8.GetBytes("""{"k":"\u0041b\/ secret \u00fc\n\uD83D\uDE00"}""");
        var changed = BodyEdit.Apply(body, [JsonStringEditor.Replace(body, 5, [new TextEdit(4, 6, "[x]")])]);
        Assert.Equal("""{"k":"\u0041b\/ [x] \u00fc\n\uD83D\uDE00"}""", Encoding.UTF8.GetString(changed));
    }

    [Theory]
    [InlineData("""a😀b""", 2, 1, "a-b")]
    [InlineData("""a😀b""", 1, 1, "a-b")]
    [InlineData("""a\ud83d\ude00b""", 2, 1, "a-b")]
    [InlineData("""a\ud83d\ude00b""", 0, 2, "-b")]
    public void Replace_span_inside_a_character_takes_the_whole_character(string spelling, int start, int length, string expected)
    {
        var body = Encoding.UTF8.GetBytes($"{{\"k\":\"{spelling}\"}}");
        Assert.Equal(expected, Text(BodyEdit.Apply(body, [JsonStringEditor.Replace(body, 5, [new TextEdit(start, length, "-")])]), "k"));
    }

    [Fact]
    public void Replace_two_spans_inside_one_character_takes_it_once()
    {
        var body = Encoding.UTF8.GetBytes("{\"k\":\"a😀b\"}");
        var edit = JsonStringEditor.Replace(body, 5, [new TextEdit(1, 1, "1"), new TextEdit(2, 1, "2")]);
        Assert.Equal("a12b", Text(BodyEdit.Apply(body, [edit]), "k"));
    }

    [Theory]
    [InlineData(4, 0, 1)]
    [InlineData(5, 0, 4)]
    [InlineData(5, 3, 1)]
    [InlineData(5, 0, 0)]
    [InlineData(99, 0, 1)]
    [InlineData(-1, 0, 1)]
    public void TryReplace_what_does_not_fit_is_refused(int token, int start, int length) =>
        Assert.False(JsonStringEditor.TryReplace("{\"k\":\"abc\"}"u8, token, [new TextEdit(start, length, "")], out _));

    [Fact]
    public void TryReplace_edits_out_of_order_are_refused() =>
        Assert.False(JsonStringEditor.TryReplace("{\"k\":\"abc\"}"u8, 5, [new TextEdit(1, 1, ""), new TextEdit(0, 1, "")], out _));

    [Fact]
    public void TryReplace_string_without_end_is_refused() =>
        Assert.False(JsonStringEditor.TryReplace("{\"k\":\"abc\\\""u8, 5, [new TextEdit(0, 1, "")], out _));

    [Fact]
    public void Nested_edits_leave_arguments_that_are_the_same_json_but_for_the_spans() =>
        Gen.Select(Spellings, Spellings, Spans, Gen.Bool).Sample((first, second, spans, escapeAll) =>
        {
            // The reader counts strings that hold something.
            var inner = $"{{ \"name\" : \"x{first}\" ,\"list\":[\"y{second}\", 1.0]}}";
            var outer = escapeAll ? string.Concat(inner.Select(unit => $"\\u{(int)unit:x4}")) : JsonEncodedText.Encode(inner).ToString();
            var body = Encoding.UTF8.GetBytes($"{{\"arguments\":\"{outer}\",\"z\":[1 , 2]}}");
            var text = ArgumentsText(body, "list");
            var edits = Edits(text, spans);
            if (edits.Count == 0)
            {
                return;
            }

            Assert.True(NestedJsonEditor.TryReplace(body, 13, [.. edits.Select(edit => new LeafEdit(3, edit))], out var change));
            var changed = BodyEdit.Apply(body, [change]);
            Assert.Equal(TextEdit.Apply(text, edits), ArgumentsText(changed, "list"));
            Assert.Equal(ArgumentsText(body, "name"), ArgumentsText(changed, "name"));
            Assert.StartsWith("{ \"name\" : \"x", Text(changed, "arguments"), StringComparison.Ordinal);
            Assert.EndsWith(", 1.0]}", Text(changed, "arguments"), StringComparison.Ordinal);
            Assert.EndsWith("\",\"z\":[1 , 2]}", Encoding.UTF8.GetString(changed), StringComparison.Ordinal);
        });

    [Fact]
    public void Nested_edit_of_a_name_is_refused()
    {
        var body = Encoding.UTF8.GetBytes("""{"arguments":"{\"secret\":\"x\"}"}""");
        Assert.False(NestedJsonEditor.TryReplace(body, 13, [new LeafEdit(0, new TextEdit(0, 6, "y"))], out _));
        Assert.True(NestedJsonEditor.TryReplace(body, 13, [new LeafEdit(1, new TextEdit(0, 1, "y"))], out _));
    }

    [Fact]
    public void Nested_edits_of_several_strings_are_one_edit()
    {
        var body = Encoding.UTF8.GetBytes("""{"arguments":"{\"a\":\"one\",\"b\":\"\",\"c\":\"two\"}"}""");
        Assert.True(NestedJsonEditor.TryReplace(body, 13, [new LeafEdit(4, new TextEdit(0, 3, "2\"")), new LeafEdit(1, new TextEdit(1, 2, "ff"))], out var edit));
        Assert.Equal("""{"a":"off","b":"","c":"2\""}""", Text(BodyEdit.Apply(body, [edit]), "arguments"));
    }

    [Fact]
    public void Unite_overlapping_spans_become_one_with_the_first_replacement() => Assert.Equal(
        [new TextEdit(0, 2, "a"), new TextEdit(3, 6, "c")],
        TextEdit.Unite([new TextEdit(5, 4, "d"), new TextEdit(3, 4, "c"), new TextEdit(0, 2, "a"), new TextEdit(3, 1, "b")]));

    private static List<TextEdit> Edits(string text, IEnumerable<(int Gap, int Length, string By)> spans)
    {
        var edits = new List<TextEdit>();
        var at = 0;
        foreach (var (gap, length, by) in spans)
        {
            var start = Whole(text, at + gap);
            var end = Whole(text, start + length);
            if (start >= text.Length || end == start)
            {
                break;
            }

            edits.Add(new TextEdit(start, end - start, by));
            at = end;
        }

        return edits;
    }

    // The next place that is not inside a character.
    private static int Whole(string text, int at)
    {
        at = Math.Min(at, text.Length);
        return at > 0 && at < text.Length && char.IsSurrogatePair(text[at - 1], text[at]) ? at + 1 : at;
    }

    private static string Text(byte[] body, string member)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty(member).GetString()!;
    }

    private static string ArgumentsText(byte[] body, string member)
    {
        using var json = JsonDocument.Parse(Text(body, "arguments"));
        var value = json.RootElement.GetProperty(member);
        return value.ValueKind == JsonValueKind.Array ? value[0].GetString()! : value.GetString()!;
    }
}
