using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Tests.Formats.Json;
using Xunit;

namespace Gateway.Core.Tests.Formats.Requests;

/// <summary>What is forwarded is what was inspected: random bodies, read by a second parser.</summary>
public sealed class RequestPropertyTests
{
    // Words of the formats' own vocabulary, which need not become segments.
    private static readonly HashSet<string> s_words =
    [
        "system", "developer", "user", "assistant", "tool", "text", "function", "custom", "ephemeral", "5m", "1h", "tool_use", "tool_result",
        "document", "object", "array", "string", "integer", "number", "boolean", "null", "json_schema", "image_url", "low", "wav", "input_audio", "",
    ];

    private static readonly Gen<string> s_text = JsonTexts.String;

    [Fact]
    public void ReadRequest_accepted_body_has_every_string_of_the_tree_in_its_segments()
    {
        var accepted = 0;
        Gen.OneOf(OpenAIBody(), AnthropicBody()).Sample(body =>
        {
            var format = body.Contains("max_tokens", StringComparison.Ordinal) ? Reading.Anthropic : Reading.OpenAI;
            var found = Reading.Of(format, body);
            if (found.Fault is null)
            {
                Interlocked.Increment(ref accepted);
                var texts = found.Segments.Select(segment => segment.Text).ToHashSet();
                using var document = JsonDocument.Parse(body);
                Assert.DoesNotContain(Strings(document.RootElement), text => !s_words.Contains(text) && !texts.Contains(text));
            }
        }, iter: 2_000);
        Assert.True(accepted > 500, $"only {accepted} bodies were accepted");
    }

    [Fact]
    public void ReadRequest_accepted_body_is_forwarded_as_the_same_tree_plus_the_edit()
    {
        OpenAIBody().Sample(body =>
        {
            var request = Reading.Of(Reading.OpenAI, body).Request;
            if (request.Model.Length > 0 && JsonTexts.IsUnambiguous(Encoding.UTF8.GetBytes(body)))
            {
                var forwarded = JsonNode.Parse(BodyEdit.Apply(request.Body.Span, request.UsageEdits))!.AsObject();
                var expected = JsonNode.Parse(body)!.AsObject();
                if (request.UsageEdits.Count > 0)
                {
                    var options = expected["stream_options"] as JsonObject ?? [];
                    options["include_usage"] = true;
                    expected["stream_options"] = options.DeepClone();
                }

                Assert.True(JsonNode.DeepEquals(expected, forwarded));
            }
        }, iter: 2_000);
    }

    [Fact]
    public void ReadRequest_ambiguous_body_is_never_accepted()
    {
        JsonTexts.Damaged(Gen.OneOf(OpenAIBody(), AnthropicBody())).Sample(body =>
        {
            foreach (var format in WireFormats.All)
            {
                using var request = new ExchangeRequest { Body = body };
                Assert.True(format.ReadRequest(request) is not null || JsonTexts.IsUnambiguous(body));
            }
        }, iter: 5_000);
    }

    [Fact]
    public void ReadRequest_any_object_never_throws()
    {
        JsonTexts.Object.Sample(text =>
        {
            foreach (var format in WireFormats.All)
            {
                Reading.Of(format, text);
            }
        }, iter: 2_000);
    }

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Strings(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        _ => [],
    };

    private static Gen<string> OpenAIBody()
    {
        var part = Gen.OneOf(
            s_text.Select(text => $$"""{"type":"text","text":{{text}}}"""),
            s_text.Select(text => $$"""{"image_url":{"url":{{text}},"detail":"low"},"type":"image_url"}"""));
        var content = Gen.OneOf(s_text, part.Array[0, 3].Select(parts => "[" + string.Join(" , ", parts) + "]"));
        var message = Gen.OneOf(
            Gen.Select(Gen.OneOf("system", "user", "developer"), s_text, (role, text) => $$"""{"role":"{{role}}","content":{{text}}}"""),
            content.Select(value => $$"""{"content":{{value}},"role":"user"}"""),
            Gen.Select(s_text, s_text, (name, text) =>
                $$$"""{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":{{{name}}},"arguments":{{{text}}}}}]}"""),
            Gen.Select(s_text, JsonTexts.Value, (text, extra) => $$"""{"role":"tool","tool_call_id":"c","content":{{text}},"x":{{extra}}}"""));
        var member = Gen.OneOf(
            Gen.OneOf("\"stream\":true", "\"stream\":true ", "\"stream\": null"),
            Gen.OneOf("\"stream_options\":{}", "\"stream_options\":{\"include_usage\":false}", "\"stream_options\":null", "\"stream_options\":{\"x\":1}"),
            JsonTexts.Object.Select(value => "\"metadata\":" + value),
            JsonTexts.Object.Select(value => $$$"""  "tools":[{"type":"function","function":{"name":"f","parameters":{{{value}}}}}]"""),
            Gen.Select(JsonTexts.Name, JsonTexts.Value, (name, value) => name + " : " + value));
        return Body(message, member, "");
    }

    private static Gen<string> AnthropicBody()
    {
        var block = Gen.OneOf(
            s_text.Select(text => $$"""{"type":"text","text":{{text}}}"""),
            Gen.Select(s_text, JsonTexts.Object, (name, input) => $$"""{"type":"tool_use","id":"t","name":{{name}},"input":{{input}}}"""),
            s_text.Select(text => $$$"""{"type":"tool_result","tool_use_id":"t","content":[{"type":"document","title":{{{text}}},"source":{"type":"text","data":{{{text}}}}}]}"""));
        var message = Gen.Select(Gen.OneOf("user", "assistant"), block.Array[0, 3], (role, blocks) =>
            $$"""{"role":"{{role}}","content":[{{string.Join(",", blocks)}}]}""");
        var member = Gen.OneOf(
            s_text.Select(text => "\"system\":" + text),
            JsonTexts.Object.Select(value => $$""" "tools":[{"name":"f","input_schema":{{value}}}]"""),
            Gen.Select(JsonTexts.Name, JsonTexts.Value, (name, value) => name + " : " + value));
        return Body(message, member, "\"max_tokens\":1");
    }

    private static Gen<string> Body(Gen<string> message, Gen<string> member, string needed) =>
        Gen.Select(message.Array[0, 4], member.Array[0, 3], Gen.Int[0, 3], (messages, members, place) =>
        {
            var all = members.ToList();
            all.Insert(Math.Min(place, all.Count), $$"""
                "model" : "m", "messages":[{{string.Join(" ,\n", messages)}}]
                """);
            if (needed.Length > 0)
            {
                all.Add(needed);
            }

            return "{" + string.Join(",", all) + "}";
        });
}
