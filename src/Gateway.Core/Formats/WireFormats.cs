using Gateway.Core.Formats.AnthropicMessages;
using Gateway.Core.Formats.Gemini;
using Gateway.Core.Formats.OpenAIChat;

namespace Gateway.Core.Formats;

/// <summary>The ordered list of formats the gateway speaks. A new format is one line here.</summary>
public static class WireFormats
{
    /// <summary>All formats.</summary>
    public static IReadOnlyList<IWireFormat> All { get; } =
    [
        new OpenAIChatFormat(),
        new AnthropicMessagesFormat(),
        new GeminiGenerateFormat(),
        new GeminiCountTokensFormat(),
        new GeminiEmbedFormat(),
    ];
}
