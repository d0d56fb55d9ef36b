using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.Gemini;

/// <summary>Reads <c>usageMetadata</c>: thoughts are counted beside the candidates, results of the provider's tools beside the prompt.</summary>
internal static class GeminiUsage
{
    /// <summary>Reports the counts of <paramref name="usage"/>, an object. Counts of zero are absent.</summary>
    public static void Read(JsonView view, int usage, IResponseSink sink)
    {
        var thoughts = Count(view, usage, "thoughtsTokenCount");
        sink.Usage(new TokenUsage(
            Count(view, usage, "promptTokenCount") + Count(view, usage, "toolUsePromptTokenCount"),
            Count(view, usage, "candidatesTokenCount") + thoughts,
            CacheRead: Count(view, usage, "cachedContentTokenCount"),
            Reasoning: thoughts));
    }

    private static long Count(JsonView view, int usage, string name) =>
        view.Integer(GeminiInlineData.Member(view, usage, name)) is >= 0 and <= JsonNumbers.MaxExactInteger and var count ? count : 0;
}
