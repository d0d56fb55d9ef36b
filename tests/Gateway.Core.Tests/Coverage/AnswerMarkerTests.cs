using System.Text;
using Gateway.Core.Formats;
using Gateway.Core.Formats.Coverage;
using Gateway.Core.Tests.Formats.Responses;

namespace Gateway.Core.Tests.Coverage;

/// <summary>
/// A marker in every string that an official SDK type has for an answer, one at a time, whole and streamed in pieces of several sizes: an enforced
/// rule stops each, on a surface that the coverage matrix names. The one exception is a call's name in an event that repeats it: another name than
/// the first is refused whatever it is.
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
    };

    public static TheoryData<FormatId, string> Streams => new()
    {
        { FormatId.OpenAIChat, "openai-chat.chunk" },
        { FormatId.AnthropicMessages, "anthropic-messages.event" },
        { FormatId.AnthropicMessages, "anthropic-beta-messages.event" },
        { FormatId.OpenAIResponses, "openai-responses.event" },
        { FormatId.OpenAICompletions, "openai-completions.response" },
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
    public void Streamed_marker_in_any_field_is_blocked_at_any_chunking(FormatId id, string list)
    {
        var format = WireFormats.All.Single(one => one.Id == id);
        var random = new Random(Seed);
        AssertAllBlocked(id, list, streamed: true, path =>
        {
            var body = AnswerPlanting.Stream(id, path);
            var bytes = Encoding.UTF8.GetBytes(body);
            int[][] chunkings = [[bytes.Length], [1], [.. Enumerable.Range(0, 64).Select(_ => random.Next(1, 48))]];
            return chunkings.Select(sizes => (MarkerJudge.Stream(format, bytes, sizes), $"{body} in pieces of {sizes[0]}"));
        });
    }

    private static void AssertAllBlocked(FormatId id, string list, bool streamed, Func<string, IEnumerable<(MarkerVerdict Verdict, string Body)>> plant)
    {
        var surfaces = CoverageMatrix.Current.Rows
            .Where(row => row.Format == id && row.Streamed == streamed && row.Treatment == CoverageTreatment.Inspected)
            .Select(row => row.Surface!.Value).ToHashSet();
        var escaped = FieldPaths.Of(list)
            .SelectMany(path => plant(path).Select(one => (Path: path, one.Verdict, one.Body)))
            .Where(one => one.Verdict is not { Fate: Fate.Refused, Why: StreamFaults.ToolNameChanged })
            .Where(one => one.Verdict.Fate != Fate.Blocked || !one.Verdict.Surfaces.All(surfaces.Contains))
            .Select(one => $"{one.Path}: {one.Verdict.Fate} {one.Verdict.Why}: {one.Body}")
            .ToList();
        Assert.True(escaped.Count == 0, string.Join("\n", escaped.Take(60)));
    }
}
