using System.Text;
using System.Text.Json;
using CsCheck;
using Gateway.Core.Formats.Json;
using Xunit;

namespace Gateway.Core.Tests.Formats.Json;

public sealed class StrictJsonPropertyTests
{
    [Fact]
    public void ReadObject_agrees_with_a_second_reader_on_what_is_unambiguous()
    {
        JsonTexts.Damaged(JsonTexts.Object).Sample(json => Assert.True(JsonTexts.IsUnambiguous(json) == Accepts(json), Convert.ToHexString(json)), iter: 5_000);
    }

    [Theory]
    [InlineData("{\"a\":\"x\\u0061y\\u0000z\"}", true)]
    [InlineData("{\"a\":\"\\u0000\"}", true)]
    [InlineData("{\"a\\u0000\":1}", false)]
    [InlineData("{\"\\u0061\\u0000\":1}", false)]
    public void ReadObject_escaped_nul_is_refused_in_names_only(string json, bool accepted) => Assert.Equal(accepted, Accepts(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void ReadObject_intact_texts_agree_too()
    {
        JsonTexts.Object.Sample(text =>
        {
            var json = Encoding.UTF8.GetBytes(text);
            Assert.Equal(JsonTexts.IsUnambiguous(json), Accepts(json));
        }, iter: 2_000);
    }

    [Fact]
    public void ReadObject_any_bytes_never_throw()
    {
        var bytes = Gen.OneOf(Gen.Byte.Array[0, 60], Gen.OneOf("{\"[]}:,\\u0d8 1e-"u8.ToArray()).Array[0, 60]);
        bytes.Sample(json => { Accepts(json); }, iter: 20_000);
    }

    [Fact]
    public void ReadObject_tape_tells_the_same_tree_as_a_second_reader()
    {
        JsonTexts.Object.Sample(text =>
        {
            var json = Encoding.UTF8.GetBytes(text);
            using var tape = new JsonTape();
            if (StrictJson.ReadObject(json, tape) is null)
            {
                using var document = JsonDocument.Parse(json);
                Compare(document.RootElement, tape.View(json), 0);
            }
        }, iter: 2_000);
    }

    [Fact]
    public void JsonPath_leads_a_second_reader_to_the_token()
    {
        JsonTexts.Object.Sample(text =>
        {
            var json = Encoding.UTF8.GetBytes(text);
            using var tape = new JsonTape();
            if (StrictJson.ReadObject(json, tape) is null)
            {
                var view = tape.View(json);
                var paths = new HashSet<string>();
                for (var at = 0; at < view.Count; at++)
                {
                    // A name has the path of its value; every other token a path of its own.
                    Assert.True(view[at].IsName || paths.Add(JsonPath.At(json, view[at].Start)));
                }
            }
        }, iter: 500);
    }

    private static bool Accepts(byte[] json)
    {
        using var tape = new JsonTape();
        return StrictJson.ReadObject(json, tape) is null;
    }

    private static void Compare(JsonElement element, JsonView view, int token)
    {
        Assert.Equal(element.GetRawText(), Encoding.UTF8.GetString(view.Raw(token)));
        var at = token + 1;
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                Assert.Equal(member.Name, view.Text(at));
                Assert.True(view[at].IsName);
                Compare(member.Value, view, at + 1);
                at = view[at + 1].Next;
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Compare(item, view, at);
                at = view[at].Next;
            }
        }
        else if (element.ValueKind == JsonValueKind.String)
        {
            Assert.Equal(element.GetString(), view.Text(token));
        }

        Assert.Equal(at, view[token].Next);
    }
}
