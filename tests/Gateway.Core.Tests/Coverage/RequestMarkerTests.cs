using System.Text;
using System.Text.Json.Nodes;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.Coverage;
using Gateway.Core.Tests.Formats.Responses;

namespace Gateway.Core.Tests.Coverage;

/// <summary>
/// A marker in every string that an official SDK type can put into a request, one at a time: an enforced rule stops it, or a setting governs it, or
/// the body is refused. Nothing passes.
/// </summary>
public sealed class RequestMarkerTests
{
    public static TheoryData<FormatId, string> Lists => new()
    {
        { FormatId.OpenAIChat, "openai-chat.request" },
        { FormatId.AnthropicMessages, "anthropic-messages.request" },
        { FormatId.AnthropicMessages, "anthropic-beta-messages.request" },
        { FormatId.AnthropicCountTokens, "anthropic-messages.request" },
        { FormatId.AnthropicCountTokens, "anthropic-beta-messages.request" },
        { FormatId.OpenAIResponses, "openai-responses.request" },
        { FormatId.OpenAICompletions, "openai-completions.request" },
        { FormatId.OpenAIEmbeddings, "openai-embeddings.request" },
        { FormatId.GeminiGenerate, "gemini.content" },
        { FormatId.GeminiGenerate, "gemini.tool" },
        { FormatId.GeminiGenerate, "gemini.generation-config" },
        { FormatId.GeminiCountTokens, "gemini.content" },
        { FormatId.GeminiEmbed, "gemini.content" },
    };

    public static TheoryData<FormatId, string, Surface> Reads
    {
        get
        {
            var reads = new TheoryData<FormatId, string, Surface>();
            foreach (var (id, list) in new[] { (FormatId.OpenAIChat, "openai-chat.request"), (FormatId.OpenAIEmbeddings, "openai-embeddings.request") })
            {
                var rows = CoverageMatrix.Current.Rows.Where(row => row is { Direction: CoverageDirection.Request, Treatment: CoverageTreatment.Inspected } && row.Format == id);
                foreach (var surface in rows.Select(row => row.Surface!.Value).Distinct())
                {
                    // Replayed reasoning and citations are of dialects: the official type has no such members.
                    if (surface is not (Surface.Reasoning or Surface.Document))
                    {
                        reads.Add(id, list, surface);
                    }
                }
            }

            return reads;
        }
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Request_marker_in_any_field_is_caught(FormatId id, string list)
    {
        var escaped = await EscapedAsync(WireFormats.All.Single(one => one.Id == id), list);
        Assert.True(escaped.Count == 0, string.Join("\n", escaped.Take(60)));
    }

    // The test above is worth something only if it fails where a read is missing.
    [Theory]
    [MemberData(nameof(Reads))]
    public async Task Request_marker_in_a_field_that_is_no_longer_read_is_reported(FormatId id, string list, Surface surface) =>
        Assert.NotEmpty(await EscapedAsync(new RemovedRead(WireFormats.All.Single(one => one.Id == id), surface), list));

    private static async Task<List<string>> EscapedAsync(IWireFormat format, string list)
    {
        var planting = new RequestPlanting(format);
        var matrix = CoverageMatrix.Current.Rows.Where(row => row.Format == format.Id && row.Direction == CoverageDirection.Request).ToList();
        var escaped = new List<string>();
        foreach (var path in FieldPaths.Of(list))
        {
            var verdicts = new List<(MarkerVerdict Verdict, string Body)>();
            foreach (var role in planting.Roles)
            {
                var (verdict, body) = await planting.PlantAsync(Body(format.Id, list, path), role);
                verdicts.Add((verdict, body));
                var byDefault = await MarkerJudge.RequestAsync(format, Encoding.UTF8.GetBytes(body), MarkerJudge.Default);
                if (verdict.Fate == Fate.Passed || byDefault.Fate == Fate.Passed || !IsInMatrix(verdict, matrix))
                {
                    escaped.Add($"{path} ({role}): {verdict.Fate} {verdict.Why} [{string.Join(", ", verdict.Surfaces)}] [{string.Join(", ", verdict.Capabilities)}], by default {byDefault.Fate}: {body}");
                }
            }

            if (!verdicts.Exists(one => one.Verdict.Fate is Fate.Blocked or Fate.Governed || IsRefused(path, one.Verdict, matrix)))
            {
                escaped.Add($"{path} is not read: {verdicts[0].Verdict.Why}: {verdicts[0].Body}");
            }
        }

        return escaped;
    }

    // The lists of this provider are of the types of parts of a body.
    private static JsonObject Body(FormatId format, string list, string path)
    {
        var body = FieldPaths.Body(path);
        return (format, list) switch
        {
            (FormatId.GeminiEmbed, "gemini.content") => new JsonObject { ["content"] = body },
            (_, "gemini.content") => new JsonObject { ["contents"] = new JsonArray(body) },
            (_, "gemini.tool") => new JsonObject { ["contents"] = new JsonArray(), ["tools"] = new JsonArray(body) },
            (_, "gemini.generation-config") => new JsonObject { ["contents"] = new JsonArray(), ["generationConfig"] = body },
            _ => body,
        };
    }

    // A refusal counts only where the matrix says that the member is refused, or where the marker is no word of the vocabulary that selects a
    // shape: any other may be the fault of the rest of the body.
    private static bool IsRefused(string path, MarkerVerdict verdict, List<CoverageRow> matrix) => verdict.Fate == Fate.Refused
        && (matrix.Exists(row => row.Treatment == CoverageTreatment.Refused && row.Members.Contains(verdict.Param?[2..], StringComparer.Ordinal))
            || (path.TrimEnd('?').EndsWith(".role", StringComparison.Ordinal) && verdict.Why!.StartsWith(RequestFaultReasons.UnknownRole, StringComparison.Ordinal))
            || (path.TrimEnd('?').EndsWith(".type", StringComparison.Ordinal) && verdict.Why!.StartsWith(RequestFaultReasons.UnknownType, StringComparison.Ordinal)));

    private static bool IsInMatrix(MarkerVerdict verdict, List<CoverageRow> matrix) =>
        verdict.Surfaces.All(surface => matrix.Exists(row => row.Surface == surface))
        && verdict.Capabilities.All(capability => matrix.Exists(row => row.Settings.Contains(capability)));
}
