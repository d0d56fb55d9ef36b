using System.Text;
using Gateway.Core.Formats;
using Gateway.Core.Formats.Coverage;
using Gateway.Core.Tests.Formats.Responses;

namespace Gateway.Core.Tests.Coverage;

/// <summary>
/// A marker in every string that an official SDK type has for an answer, one at a time, whole and streamed in pieces of several sizes: an enforced
/// rule stops each, on a surface that the coverage matrix names. Two are refused whatever they are: another name for a call in an event that repeats
/// it, and pieces of a call's arguments where nothing is streamed.
/// </summary>
public sealed class AnswerMarkerTests
{
    private const int Seed = 20_250_601;

    public static TheoryData<FormatId, string> Bodies => new()
    {
        { FormatId.OpenAIChat, "openai-chat.response" },
        { FormatId.AnthropicMessages, "anthropic-messages.response" },
        { FormatId.AnthropicMessages, "anthropic-beta-messages.response" },
        { FormatId.OpenAIResponses, "openai-responses.response" },
        { FormatId.OpenAICompletions, "openai-completions.response" },
        { FormatId.OpenAIEmbeddings, "openai-embeddings.response" },
        { FormatId.OpenAIModels, "openai-models.response" },
        { FormatId.AnthropicModels, "anthropic-models.response" },
        { FormatId.GeminiGenerate, "gemini.response" },
    };

    public static TheoryData<FormatId, string, StreamFraming> Streams => new()
    {
        { FormatId.OpenAIChat, "openai-chat.chunk", StreamFraming.Events },
        { FormatId.AnthropicMessages, "anthropic-messages.event", StreamFraming.Events },
        { FormatId.AnthropicMessages, "anthropic-beta-messages.event", StreamFraming.Events },
        { FormatId.OpenAIResponses, "openai-responses.event", StreamFraming.Events },
        { FormatId.OpenAICompletions, "openai-completions.response", StreamFraming.Events },
        { FormatId.GeminiGenerate, "gemini.response", StreamFraming.Events },
        { FormatId.GeminiGenerate, "gemini.response", StreamFraming.JsonArray },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Whole_marker_in_any_field_is_blocked(FormatId id, string list)
    {
        var format = WireFormats.All.Single(one => one.Id == id);
        AssertAllBlocked(id, list, streamed: false, path =>
        {
            var body = AnswerPlanting.Whole(id, path).ToJsonString();
            return [(MarkerJudge.Whole(format, Encoding.UTF8.GetBytes(body)), body)];
        });
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Streamed_marker_in_any_field_is_blocked_at_any_chunking(FormatId id, string list, StreamFraming framing)
    {
        var format = WireFormats.All.Single(one => one.Id == id);
        var random = new Random(Seed);
        AssertAllBlocked(id, list, streamed: true, path =>
        {
            var body = AnswerPlanting.Stream(id, path, framing);
            var bytes = Encoding.UTF8.GetBytes(body);
            int[][] chunkings = [[bytes.Length], [1], [.. Enumerable.Range(0, 64).Select(_ => random.Next(1, 48))]];
            return chunkings.Select(sizes => (MarkerJudge.Stream(format, bytes, sizes, framing), $"{body} in pieces of {sizes[0]}"));
        });
    }

    private static void AssertAllBlocked(FormatId id, string list, bool streamed, Func<string, IEnumerable<(MarkerVerdict Verdict, string Body)>> plant)
    {
        var surfaces = CoverageMatrix.Current.Rows
            .Where(row => row.Format == id && row.Streamed == streamed && row.Treatment == CoverageTreatment.Inspected)
            .Select(row => row.Surface!.Value).ToHashSet();
        var escaped = FieldPaths.Of(list)
            .SelectMany(path => plant(path).Select(one => (Path: path, one.Verdict, one.Body)))
            .Where(one => one.Verdict.Fate != Fate.Refused || !IsRefusedWhatever(one.Path, one.Verdict.Why, streamed))
            .Where(one => one.Verdict.Fate != Fate.Blocked || !one.Verdict.Surfaces.All(surfaces.Contains))
            .Select(one => $"{one.Path}: {one.Verdict.Fate} {one.Verdict.Why}: {one.Body}")
            .ToList();
        Assert.True(escaped.Count == 0, string.Join("\n", escaped.Take(60)));
    }

    private static bool IsRefusedWhatever(string path, string? why, bool streamed) =>
        why == StreamFaults.ToolNameChanged || (!streamed && path.Contains("partialArgs", StringComparison.Ordinal));
}
