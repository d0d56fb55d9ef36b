using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>What a content block is, as far as its texts are concerned.</summary>
internal enum BlockKind : byte
{
    Unknown,
    Text,
    Thinking,
    RedactedThinking,
    ToolUse,

    /// <summary>A call that the provider has executed.</summary>
    ServerToolUse,

    /// <summary>Pages and search results from the web.</summary>
    WebResult,

    /// <summary>What any other tool of the provider returned.</summary>
    ToolResult,

    /// <summary>Names a file.</summary>
    Upload,
}

/// <summary>Finds the kind of a block by its <c>type</c>.</summary>
internal static class BlockKinds
{
    public static BlockKind Of(JsonString type) =>
        type.Is("text"u8) ? BlockKind.Text
        : type.Is("tool_use"u8) ? BlockKind.ToolUse
        : type.Is("thinking"u8) ? BlockKind.Thinking
        : type.Is("redacted_thinking"u8) ? BlockKind.RedactedThinking
        : type.Is("server_tool_use"u8) || type.Is("mcp_tool_use"u8) ? BlockKind.ServerToolUse
        : type.Is("web_search_tool_result"u8) || type.Is("web_fetch_tool_result"u8) ? BlockKind.WebResult
        : type.Is("container_upload"u8) ? BlockKind.Upload
        : type.Raw.EndsWith("_tool_result"u8) && !type.Escaped ? BlockKind.ToolResult
        : BlockKind.Unknown;
}
