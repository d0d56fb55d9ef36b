using Gateway.Core.Formats.AnthropicCountTokens;
using Gateway.Core.Formats.AnthropicMessages;
using Gateway.Core.Formats.Gemini;
using Gateway.Core.Formats.Models;
using Gateway.Core.Formats.OpenAIChat;
using Gateway.Core.Formats.OpenAICompletions;
using Gateway.Core.Formats.OpenAIEmbeddings;
using Gateway.Core.Formats.OpenAIResponses;

namespace Gateway.Core.Formats;

/// <summary>The ordered list of formats the gateway speaks. A new format is one line here.</summary>
public static class WireFormats
{
    /// <summary>All formats.</summary>
    public static IReadOnlyList<IWireFormat> All { get; } =
    [
        new OpenAIChatFormat(),
        new OpenAIResponsesFormat(),
        new OpenAICompletionsFormat(),
        new OpenAIEmbeddingsFormat(),
        new AnthropicMessagesFormat(),
        new AnthropicCountTokensFormat(),
        new OpenAIModelsFormat(),
        new AnthropicModelsFormat(),
        new GeminiGenerateFormat(),
        new GeminiCountTokensFormat(),
        new GeminiEmbedFormat(),
    ];
}
