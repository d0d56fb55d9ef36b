using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Exchanges;
using Xunit;

namespace Gateway.Core.Tests.Formats.Responses;

/// <summary>Every sample body gives exactly what its sidecar says.</summary>
public sealed class GoldenResponseTests
{
    public static TheoryData<string> Accepted => new(GoldenAnswers.Names(".response.json").Where(name => GoldenAnswers.Parse(name) != "reject"));

    public static TheoryData<string> Refused => new(GoldenAnswers.Names(".response.json").Where(name => GoldenAnswers.Parse(name) == "reject"));

    [Theory]
    [MemberData(nameof(Accepted))]
    public void TryRead_golden_body_gives_its_texts(string file)
    {
        using var content = Read(file);
        var texts = GoldenAnswers.Expected[file].GetProperty("texts").EnumerateArray().ToArray();

        var expected = texts.Where(text => !IsMetadata(text) && !IsKey(text)).Select(text => Found.Of(text, text.GetProperty("text").GetString()!));
        Assert.Equal(Found.Sorted(expected.Where(text => text.Role != "metadata")), Found.Sorted(Texts(content)));
        var all = AllTexts(content);
        Assert.All(texts.Where(text => IsMetadata(text) || IsKey(text)), text => Assert.Contains(text.GetProperty("text").GetString()!, all));
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void TryRead_golden_body_gives_its_tool_calls(string file)
    {
        using var content = Read(file);
        var expected = GoldenAnswers.Expected[file].GetProperty("tools_called").EnumerateArray().ToArray();

        Assert.Equal(expected.Length, content.ToolCalls.Count);
        foreach (var (wanted, call) in expected.Zip(content.ToolCalls))
        {
            Assert.Equal(wanted.GetProperty("name").GetString(), call.Name);
            Assert.Equal(wanted.TryGetProperty("server", out _), call.ProviderSide);
            Assert.False(call.History);
            AssertArguments(wanted.GetProperty("arguments"), call.Arguments);
        }
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void TryRead_golden_body_gives_the_tools_it_declares(string file)
    {
        using var content = Read(file);
        var expected = GoldenAnswers.Expected[file].GetProperty("tools_declared").EnumerateArray().Select(name => name.GetString());
        Assert.Equal(expected, content.Tools.Select(tool => tool.Name));
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void TryRead_golden_body_gives_usage_and_finish(string file)
    {
        using var content = Read(file);
        var expected = GoldenAnswers.Expected[file];

        Assert.Equal(GoldenAnswers.Parse(file) == "error", content.IsError);
        var usage = expected.GetProperty("usage");
        Assert.Equal(usage.ValueKind == JsonValueKind.Null, content.Usage is null);
        if (content.Usage is { } tokens)
        {
            Assert.Equal(usage.GetProperty("input").GetInt64(), tokens.Input);
            Assert.Equal(usage.GetProperty("output").GetInt64(), tokens.Output);
            Assert.Equal(GoldenAnswers.Tokens(usage, "cached"), tokens.CacheRead);
            Assert.Equal(GoldenAnswers.Tokens(usage, "reasoning"), tokens.Reasoning);
        }

        var finish = expected.GetProperty("finish");
        if (!content.IsError && finish.ValueKind != JsonValueKind.Null)
        {
            string?[] reasons = finish.ValueKind == JsonValueKind.Array ? [.. finish.EnumerateArray().Select(one => one.GetString())] : [finish.GetString()];
            Assert.Equal(reasons, content.FinishReasons);
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void TryRead_golden_hazard_is_refused_with_its_reason(string file)
    {
        using var content = new MessageContent();
        Assert.False(TryRead(file, content));
        Assert.Equal(GoldenAnswers.Expected[file].GetProperty("reason").GetString(), content.ErrorCode);
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void TryRead_golden_body_gives_token_offsets_inside_the_body(string file)
    {
        using var content = Read(file);
        var body = GoldenAnswers.Bytes(file);
        foreach (var segment in content.Segments)
        {
            Assert.Equal((byte)'"', body[segment.TokenStart]);
        }
    }

    internal static MessageContent Read(string file)
    {
        var content = new MessageContent();
        Assert.True(TryRead(file, content), content.ErrorCode);
        return content;
    }

    internal static void AssertArguments(JsonElement expected, string actual)
    {
        if (expected.ValueKind == JsonValueKind.String)
        {
            Assert.Equal(expected.GetString(), actual);
        }
        else
        {
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected.GetRawText()), JsonNode.Parse(actual)), actual);
        }
    }

    private static bool TryRead(string file, MessageContent content) => SampleFormats.Of(file).TryReadResponse(GoldenAnswers.Bytes(file), content);

    // A pure identifier in a document is metadata to the reader.
    private static bool IsMetadata(JsonElement text) =>
        text.GetProperty("role").GetString() == "metadata";

    internal static bool IsKey(JsonElement text) => text.TryGetProperty("key", out _);

    private static List<Found> Texts(MessageContent content)
    {
        var found = new List<Found>();
        foreach (var segment in content.Segments)
        {
            if (segment.Surface != Surface.Metadata && (segment.Flags & (SegmentFlags.Key | SegmentFlags.Nested)) == 0)
            {
                found.Add(Found.Of(segment.Surface, segment.Trust, segment.Flags, content.TextOf(segment).ToString()));
            }
        }

        return found;
    }

    private static List<string> AllTexts(MessageContent content)
    {
        var found = new List<string>();
        foreach (var segment in content.Segments)
        {
            found.Add(content.TextOf(segment).ToString());
        }

        return found;
    }
}
