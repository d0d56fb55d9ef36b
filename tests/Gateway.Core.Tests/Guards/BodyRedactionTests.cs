using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Policies;

namespace Gateway.Core.Tests.Guards;

/// <summary>A guard may replace spans of any text of a whole body; every other byte stays.</summary>
public sealed class BodyRedactionTests
{
    private const string Word = "k😀\"ü";
    private const string Gone = "[\"g\\]";

    private static readonly JsonSerializerOptions Escaping = new();
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Gen<string> Texts = Gen.OneOf("a", " ", "k", "k😀", "😀", "\"", "ü", "\n", "\\", Word, Word, Word).Array[0, 10].Select(string.Concat);

    [Fact]
    public void Run_request_texts_are_replaced_wherever_they_stand_and_all_else_stays() =>
        Gen.Select(Texts, Texts, Texts, Gen.Bool).Sample((prose, argument, result, escape) =>
        {
            var body = Chat(prose, new JsonObject { ["to"] = argument, ["n"] = 1.50 }.ToJsonString(), result, escape);
            var (edited, findings) = Redact(body);

            // The body that a client would have sent without the words: in every place, nested arguments included.
            var expected = Chat(Without(prose), new JsonObject { ["to"] = Without(argument), ["n"] = 1.50 }.ToJsonString(), Without(result), escape);
            Assert.True(JsonNode.DeepEquals(Normal(expected), Normal(edited)), Encoding.UTF8.GetString(edited));
            Assert.All(findings, finding => Assert.Equal(PolicyAction.Redact, finding.Action));
            if (findings.Count == 0)
            {
                Assert.Equal(body, edited);
            }
        }, iter: 1500);

    [Fact]
    public void Run_bytes_outside_of_the_spans_keep_their_spelling()
    {
        var body = "{ \"model\" : \"gpt-4o\",\n \"messages\":[{\"role\":\"user\",\"content\":\"\\u0061 secret \\u00fc/\\/\"}], \"temperature\":0.50 }"u8.ToArray();
        var (edited, _) = Redact(body, "secret");
        Assert.Equal(Encoding.UTF8.GetString(body).Replace("secret", "[g]", StringComparison.Ordinal), Encoding.UTF8.GetString(edited));
    }

    [Fact]
    public void Run_span_over_two_parts_of_a_message_is_replaced_once()
    {
        var body = """{"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"text","text":"a sec"},{"type":"text","text":"ret b"}]}]}"""u8.ToArray();
        var (edited, findings) = Redact(body, "secret");
        Assert.Equal(
            """{"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"text","text":"a [g]"},{"type":"text","text":" b"}]}]}""", Encoding.UTF8.GetString(edited));
        Assert.Single(findings);
    }

    [Fact]
    public void Run_span_over_two_parts_with_something_of_no_message_between_them_is_replaced()
    {
        var body = """["a sec","id","ret b"]"""u8.ToArray();
        using var content = new MessageContent();
        foreach (var (text, group, token) in new[] { ("a sec", 0, 1), ("id", -1, 9), ("ret b", 0, 14) })
        {
            text.CopyTo(content.Reserve(text.Length));
            content.Add(group < 0 ? Surface.Metadata : Surface.User, Trust.User, SegmentFlags.None, group, token, text.Length);
        }

        var edits = BodyRedaction.Run(content, body, [new WordRedactor("secret", "[g]")], GuardMode.Enforce, static _ => { });
        Assert.Equal("""["a [g]","id"," b"]""", Encoding.UTF8.GetString(BodyEdit.Apply(body, edits)));
    }

    [Theory]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":"a","x":{"secret":1}}]}""")]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"secret\":1}"}}]}]}""")]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":\"secret"}}]}]}""")]
    public void Run_span_that_cannot_be_replaced_blocks(string body) =>
        Assert.Contains(Redact(Encoding.UTF8.GetBytes(body), "secret").Findings, finding => finding.Blocks);

    [Fact]
    public void Run_monitor_mode_changes_nothing_and_records()
    {
        var body = Chat("a secret", "{}", "b", escape: false);
        var (edited, findings) = Redact(body, "secret", GuardMode.Monitor);
        Assert.Equal(body, edited);
        Assert.NotEmpty(findings);
        Assert.All(findings, finding => Assert.Equal(GuardMode.Monitor, finding.Mode));
    }

    [Fact]
    public async Task RunAsync_redacted_request_is_what_later_guards_judge_and_is_recorded_as_redacted()
    {
        var policy = TestPolicies.With(TestPolicies.Rule("blue falcon", Surface.User));
        var context = await PipelineAsync(policy, "the blue secretfalcon", new WordRedactor("secret", ""));
        Assert.Equal(Verdict.Redacted, context.Runs[0].Verdict);
        Assert.Equal("the blue falcon", context.Request.Content.TextOf(context.Request.Content.Segments.ToArray().Single(segment => segment.Surface == Surface.User)).ToString());
        Assert.Equal("blue falcon", context.Block!.Rule);
    }

    [Fact]
    public async Task RunAsync_monitored_redaction_is_recorded_as_would_redact()
    {
        var context = await PipelineAsync(TestPolicies.With(), "a secret", new WordRedactor("secret", "", GuardMode.Monitor));
        Assert.Equal(Verdict.WouldRedact, context.Runs[0].Verdict);
        Assert.Null(context.Block);
    }

    [Fact]
    public async Task RunAsync_redaction_that_changes_the_model_blocks()
    {
        var context = await PipelineAsync(TestPolicies.With(), "hello", new WordRedactor("gpt-4o", "gpt-5"));
        Assert.True(context.Block is not null || context.Request.Model == "gpt-4o");
    }

    private static string Without(string text) => text.Replace(Word, Gone, StringComparison.Ordinal);

    private static byte[] Chat(string prose, string arguments, string result, bool escape)
    {
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            model = "gpt-4o",
            messages = new object[]
            {
                new { role = "system", content = "x " + prose },
                new { role = "user", content = new object[] { new { type = "text", text = prose + "." }, new { type = "text", text = ". " + result } } },
                new { role = "assistant", tool_calls = new[] { new { id = "c1", type = "function", function = new { name = "send", arguments } } } },
                new { role = "tool", tool_call_id = "c1", content = result },
            },
            seed = 1.50,
        }, escape ? Escaping : Plain);
    }

    // How a name of an inner string is escaped is the writer's choice: the arguments are compared as what they say.
    private static JsonNode Normal(byte[] body)
    {
        var root = JsonNode.Parse(body)!;
        var function = root["messages"]![2]!["tool_calls"]![0]!["function"]!;
        function["arguments"] = JsonNode.Parse(function["arguments"]!.GetValue<string>());
        return root;
    }

    private static (byte[] Edited, List<Finding> Findings) Redact(byte[] body, string word = Word, GuardMode mode = GuardMode.Enforce)
    {
        using var request = Read(body)!;
        var findings = new List<Finding>();
        var edits = BodyRedaction.Run(request.Content, body, [new WordRedactor(word, word == Word ? Gone : "[g]")], mode, findings.Add);
        return (BodyEdit.Apply(body, edits), findings);
    }

    private static ExchangeRequest? Read(ReadOnlyMemory<byte> body)
    {
        var request = new ExchangeRequest { Body = body };
        return WireFormats.All.Single(format => format.Id == FormatId.OpenAIChat).ReadRequest(request) is null ? request : null;
    }

    private static async Task<GuardContext> PipelineAsync(TenantPolicy policy, string text, ITextRedactor redactor)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { model = "gpt-4o", messages = new[] { new { role = "user", content = text } } });
        var context = new GuardContext("dec_1", Read(body)!, policy, "gpt-4o") { Reader = Read };
        await new GuardPipeline([new RedactionGuard([redactor]), new ContentGuard()], TimeProvider.System).RunAsync(context, CancellationToken.None);
        return context;
    }
}
