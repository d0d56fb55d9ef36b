using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Gemini;
using Gateway.Core.Tests.Formats.Requests;
using Gateway.Core.Tests.Formats.Responses;
using Gateway.Core.Tests.Formats.Streams;
using Xunit;

namespace Gateway.Core.Tests.Formats.Gemini;

/// <summary>No string that the official SDK types can carry escapes, in either spelling of its names.</summary>
public sealed partial class GeminiFieldTests
{
    // What the SDK adds to an answer by itself.
    private static readonly string[] s_notOnTheWire = ["$.automaticFunctionCallingHistory", "$.functionCalls"];

    [Fact]
    public void ReadRequest_every_content_field_is_found() => AssertAll(
        FieldPaths.Of("gemini.content").Where(path => !path.EndsWith(".role?", StringComparison.Ordinal)),
        body => IsFound(new JsonObject { ["contents"] = new JsonArray(body) }));

    [Fact]
    public void ReadRequest_every_tool_field_is_found() => AssertAll(
        FieldPaths.Of("gemini.tool").Where(IsNoSchemaAsText),
        body => IsFound(new JsonObject { ["contents"] = new JsonArray(), ["tools"] = new JsonArray(body) }));

    [Fact]
    public void ReadRequest_every_generation_field_is_found() => AssertAll(
        FieldPaths.Of("gemini.generation-config").Where(IsNoSchemaAsText).Where(path => !path.Contains("routingConfig", StringComparison.Ordinal)),
        body => IsFound(new JsonObject { ["contents"] = new JsonArray(), ["generationConfig"] = body }));

    [Fact]
    public void TryRead_every_answer_field_is_found() => AssertAll(Answers(), body =>
    {
        body["candidates"] ??= new JsonArray();
        using var content = new MessageContent();
        var understood = GeminiResponse.TryRead(Encoding.UTF8.GetBytes(body.ToJsonString()), content);
        var isPartial = body.ToJsonString().Contains("partial", StringComparison.Ordinal);
        return (understood || isPartial) && content.Text.Contains(FieldPaths.Marker, StringComparison.Ordinal);
    });

    [Fact]
    public void Read_every_chunk_field_is_found() => AssertAll(Answers(), body =>
    {
        body["candidates"] ??= new JsonArray();
        var run = StreamRun.Gemini($"data: {body.ToJsonString()}\r\n\r\n");
        return run.Fault is null && run.Holds(FieldPaths.Marker);
    });

    private static IEnumerable<string> Answers() =>
        FieldPaths.Of("gemini.response").Where(path => !s_notOnTheWire.Any(name => path.StartsWith(name, StringComparison.Ordinal)));

    // A schema is an object; a string in its place is refused.
    private static bool IsNoSchemaAsText(string path) => !path.EndsWith("JsonSchema?", StringComparison.Ordinal);

    private static void AssertAll(IEnumerable<string> paths, Func<JsonObject, bool> isFound)
    {
        var all = paths.ToArray();
        Assert.True(all.Length > 40, $"only {all.Length} paths");
        var missed = all.Where(path => !isFound(Body(path, snake: false)) || !isFound(Body(path, snake: true))).ToArray();
        Assert.True(missed.Length == 0, string.Join('\n', missed));
    }

    private static JsonObject Body(string path, bool snake)
    {
        var body = FieldPaths.Body(path);
        Name(body);
        return snake ? (JsonObject)Snake(body)! : body;
    }

    private static bool IsFound(JsonObject body)
    {
        var reading = Reading.Of(Reading.Gemini, body.ToJsonString(), "gemini-x");
        return reading.Fault is null && reading.Segments.Any(segment => segment.Text == FieldPaths.Marker);
    }

    // A call and a function need a name.
    private static void Name(JsonNode? node)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                Name(item);
            }
        }
        else if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToArray())
            {
                Name(value);
                if (name is "functionCall" or "functionCalls" or "functionDeclarations")
                {
                    var named = value is JsonArray list ? list[0]!.AsObject() : value!.AsObject();
                    named["name"] ??= "f";
                }
            }
        }
    }

    private static JsonNode? Snake(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(Upper().Replace(member.Key, letter => "_" + letter.Value.ToLowerInvariant()), Snake(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Snake)]),
        _ => node?.DeepClone(),
    };

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Upper();
}
