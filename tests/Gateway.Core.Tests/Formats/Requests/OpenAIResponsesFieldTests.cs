using System.Text.Json.Nodes;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Tests.Formats.Responses;
using Xunit;

namespace Gateway.Core.Tests.Formats.Requests;

/// <summary>No string that the official type of a Responses request can carry escapes the reader.</summary>
public sealed class OpenAIResponsesFieldTests
{
    // A word of the vocabulary that is none of its words is refused.
    public static TheoryData<string> Fields => new(FieldPaths.Of("openai-responses.request").Where(path => path is not ("$.input?[].role" or "$.input?[].type?")));

    [Theory]
    [MemberData(nameof(Fields))]
    public void ReadRequest_field_is_found(string path)
    {
        var body = FieldPaths.Body(path);
        body["model"] ??= "m";
        if (path.StartsWith("$.input?[].", StringComparison.Ordinal) && path != "$.input?[].id")
        {
            body["input"]![0]!["role"] = "assistant";
        }

        var reading = Complete(body, path);
        Assert.Null(reading.Fault);
        Assert.Contains(reading.Segments, segment => segment.Text == FieldPaths.Marker);
    }

    // The body holds one field; what the format requires beside it is put in as the reader asks for it.
    private static Reading Complete(JsonObject body, string path)
    {
        var reading = Reading.Of(Reading.Responses, body.ToJsonString());
        for (var tries = 0; tries < 8 && reading.Fault is { Reason: RequestFaultReasons.MissingField } fault; tries++)
        {
            var member = fault.Message.Split('\'')[1];
            var at = At(body, fault.Param!);
            at[member] = member switch
            {
                "tools" => new JsonArray(),
                "output" when at["type"]!.GetValue<string>() == "computer_call_output" => new JsonObject { ["type"] = "computer_screenshot" },
                "type" when path.Contains("image_url", StringComparison.Ordinal) || path.Contains("file_id", StringComparison.Ordinal) => "computer_screenshot",
                "type" when path.StartsWith("$.tool", StringComparison.Ordinal) || path.Contains("tools[]", StringComparison.Ordinal) => "web_search",
                "role" => "user",
                _ => "x",
            };
            reading = Reading.Of(Reading.Responses, body.ToJsonString());
        }

        return reading;
    }

    private static JsonObject At(JsonNode body, string path) => path.Split('.', '[').Skip(1)
        .Aggregate(body, (node, step) => step.EndsWith(']') ? node[int.Parse(step[..^1], null)]! : node[step]!)
        .AsObject();
}
