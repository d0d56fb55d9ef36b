using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Responses;

/// <summary>
/// Where a format's walker reports what it finds: the deltas of a stream frame, or the segments of a whole body. One walker, and so one table
/// of text-bearing fields, serves both.
/// </summary>
internal interface IResponseSink
{
    /// <summary>The answer cannot be understood in one way only. The walk goes on, so that every text is still reported.</summary>
    void Fault(string reason);

    /// <summary>A text of choice <paramref name="choice"/> (-1: of none). <paramref name="variant"/> tells texts of kind Other apart.</summary>
    void Text(in TextPlace place, int choice, JsonString text, ulong variant = 0);

    /// <summary>The response's id.</summary>
    void ResponseId(JsonString id);

    /// <summary>The model's name.</summary>
    void Model(JsonString model);

    /// <summary>Usage as the body states it.</summary>
    void Usage(in TokenUsage usage);

    /// <summary>The answer is the provider's error.</summary>
    void Error(string? code);

    /// <summary>A choice or message begins.</summary>
    void OpenChoice(int choice);

    /// <summary>A choice or message has been read; <paramref name="finish"/> is its finish reason, null where there was none.</summary>
    void EndChoice(int choice, string? finish);

    /// <summary>A tool call, or the next fragment of one.</summary>
    void OpenTool(in ToolStart tool);

    /// <summary>
    /// Arguments, or a fragment of them, that stand in a JSON string: JSON text again, or free text where <paramref name="isText"/>.
    /// </summary>
    void ToolArguments(JsonString arguments, bool isText = false);

    /// <summary>Arguments that stand as a JSON value; <paramref name="tokenStart"/> is its offset in the body.</summary>
    void ToolInput(ReadOnlySpan<byte> json, int tokenStart);

    /// <summary>The tool call, or the fragment of it, has been read.</summary>
    void CloseTool();

    /// <summary>The body declares a tool, or lists one.</summary>
    void DeclareTool(string name, bool isProviderSide)
    {
    }

    /// <summary>
    /// A whole call of a tool that the format names and the body does not. Its texts are reported one by one; <paramref name="arguments"/> is JSON.
    /// </summary>
    void ImpliedCall(in ToolStart tool, string name, string arguments)
    {
    }
}

/// <summary>What identifies a tool call.</summary>
internal readonly ref struct ToolStart
{
    public int Choice { get; init; }

    /// <summary>The index the wire gives, or the position where it gives none.</summary>
    public int Index { get; init; }

    public JsonString Id { get; init; }

    public JsonString Name { get; init; }

    /// <summary>Already executed by the provider.</summary>
    public bool ProviderSide { get; init; }

    /// <summary>The name of the only argument, where the wire gives its value alone; null where the arguments have names.</summary>
    public string? OnlyArgument { get; init; }
}
