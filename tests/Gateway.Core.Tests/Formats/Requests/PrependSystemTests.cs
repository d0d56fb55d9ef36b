using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Xunit;

namespace Gateway.Core.Tests.Formats.Requests;

public sealed class PrependSystemTests
{
    private const string Preamble = "Say \"no\" to Ünlock\n\ttricks.";

    public static TheoryData<string> Accepted() => [.. GoldenFiles.Expectations()
        .Where(line => line.GetProperty("parse").GetString() == "ok")
        .Select(line => line.GetProperty("file").GetString()!)
        .Where(file => file.Contains(".request.", StringComparison.Ordinal))
        .Where(file => SampleFormats.Of(file).Id is FormatId.OpenAIChat or FormatId.OpenAIResponses or FormatId.AnthropicMessages
            or FormatId.AnthropicCountTokens or FormatId.GeminiGenerate)];

    [Theory]
    [MemberData(nameof(Accepted))]
    public void PrependSystem_sample_is_read_again_with_the_preamble_as_the_first_instruction_and_all_else_unchanged(string file)
    {
        var format = SampleFormats.Of(file);
        var body = GoldenFiles.Read(file);
        var before = Texts(format, file, body);

        var after = Texts(format, file, BodyEdit.Apply(body, format.PrependSystem(body, Preamble)));

        var first = after.FindIndex(text => text.Surface is Surface.System or Surface.Developer);
        Assert.StartsWith(Preamble, after[first].Text, StringComparison.Ordinal);
        if (after.Count == before.Count)
        {
            after[first] = after[first] with { Text = after[first].Text[(Preamble.Length + 2)..] };
        }
        else
        {
            after.RemoveAt(first);
        }

        Assert.Equal(before, after);
    }

    [Theory]
    [InlineData(FormatId.OpenAIChat, """{"messages":[]}""", """{"messages":[{"role":"system","content":"P"}]}""")]
    [InlineData(FormatId.OpenAIChat, """ {"model":"m", "messages" : [ {"a":1}]}""", """ {"model":"m", "messages" : [{"role":"system","content":"P"}, {"a":1}]}""")]
    [InlineData(FormatId.OpenAIChat, """{"metadata":{"messages":"x"},"mess\u0061ges":[{}]}""", """{"metadata":{"messages":"x"},"mess\u0061ges":[{"role":"system","content":"P"},{}]}""")]
    [InlineData(FormatId.OpenAIResponses, """{"model":"m"}""", """{"instructions":"P","model":"m"}""")]
    [InlineData(FormatId.OpenAIResponses, """{"instructions":null}""", """{"instructions":"P"}""")]
    [InlineData(FormatId.OpenAIResponses, """{"instructions":"a\"b"}""", """{"instructions":"P\n\na\"b"}""")]
    [InlineData(FormatId.AnthropicMessages, """{"model":"m"}""", """{"system":"P","model":"m"}""")]
    [InlineData(FormatId.AnthropicMessages, """{"system":"a"}""", """{"system":"P\n\na"}""")]
    [InlineData(FormatId.AnthropicMessages, """{"system":[ ]}""", """{"system":[{"type":"text","text":"P"} ]}""")]
    [InlineData(FormatId.AnthropicMessages, """{"system":[{"x":1}]}""", """{"system":[{"type":"text","text":"P"},{"x":1}]}""")]
    [InlineData(FormatId.OpenAICompletions, """{"prompt":"a"}""", """{"prompt":"P\n\na"}""")]
    [InlineData(FormatId.OpenAICompletions, """{"prompt":["a",[1,2],"b"]}""", """{"prompt":["P\n\na",[1,2],"P\n\nb"]}""")]
    [InlineData(FormatId.GeminiGenerate, """{}""", """{"systemInstruction":{"parts":[{"text":"P"}]}}""")]
    [InlineData(FormatId.GeminiGenerate, """{"system_instruction":{"parts":{"text":"a"}}}""", """{"system_instruction":{"parts":[{"text":"P"},{"text":"a"}]}}""")]
    [InlineData(FormatId.GeminiGenerate, """{"systemInstruction":{"role":"system"}}""", """{"systemInstruction":{"parts":[{"text":"P"}],"role":"system"}}""")]
    [InlineData(FormatId.GeminiGenerate, """{"systemInstruction":null}""", """{"systemInstruction":{"parts":[{"text":"P"}]}}""")]
    [InlineData(FormatId.OpenAIEmbeddings, """{"input":"a"}""", """{"input":"a"}""")]
    public void PrependSystem_puts_the_text_first_and_changes_nothing_else(FormatId id, string body, string expected)
    {
        var format = WireFormats.All.Single(format => format.Id == id);
        var bytes = Encoding.UTF8.GetBytes(body);

        Assert.Equal(expected, Encoding.UTF8.GetString(BodyEdit.Apply(bytes, format.PrependSystem(bytes, "P"))));
    }

    private static List<Said> Texts(IWireFormat format, string file, byte[] body)
    {
        var reading = Reading.Of(format, body, SampleFormats.PathModelOf(file), Reading.Everything);
        Assert.Null(reading.Fault);
        return [.. reading.Segments.Select(segment => new Said(segment.Surface, segment.Text))];
    }

    private sealed record Said(Surface Surface, string Text);
}
