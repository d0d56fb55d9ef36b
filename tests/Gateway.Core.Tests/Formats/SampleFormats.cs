using Gateway.Core.Formats;

namespace Gateway.Core.Tests.Formats;

/// <summary>The format that a sample file is in, by the beginning of its name; Chat Completions for hazards that name none.</summary>
internal static class SampleFormats
{
    private static readonly (string Prefix, FormatId Format)[] s_prefixes =
    [
        ("openai-completions.", FormatId.OpenAICompletions),
        ("openai-embeddings.", FormatId.OpenAIEmbeddings),
        ("gemini-count-tokens.", FormatId.GeminiCountTokens),
        ("gemini-embed.", FormatId.GeminiEmbed),
        ("gemini-", FormatId.GeminiGenerate),
        ("hazard.camel-and-snake.", FormatId.GeminiGenerate),
        ("openai-responses.", FormatId.OpenAIResponses),
        ("anthropic-count-tokens.", FormatId.AnthropicCountTokens),
        ("anthropic-", FormatId.AnthropicMessages),
        ("hazard.anthropic-", FormatId.AnthropicMessages),
        ("hazard.event-mismatch.", FormatId.AnthropicMessages),
    ];

    public static IWireFormat Of(string file)
    {
        var id = s_prefixes.Where(entry => file.StartsWith(entry.Prefix, StringComparison.Ordinal)).Select(entry => entry.Format).FirstOrDefault(FormatId.OpenAIChat);
        return WireFormats.All.Single(format => format.Id == id);
    }

    /// <summary>The model of the path, for formats that name it there.</summary>
    public static string? PathModelOf(string file) => Of(file).Id switch
    {
        FormatId.GeminiGenerate or FormatId.GeminiCountTokens => "gemini-x",
        FormatId.GeminiEmbed => "gemini-embedding-001",
        _ => null,
    };
}
