using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>What the type of an output item says about it.</summary>
/// <param name="Type">The type.</param>
/// <param name="Call">The member that holds a call's arguments; Unknown: the item is no call.</param>
/// <param name="Tool">The tool that the type implies; null where the item names it.</param>
/// <param name="IsText">The arguments are free text.</param>
/// <param name="IsProviderSide">The provider runs the tool.</param>
/// <param name="IsWrapped">The member is one argument of several; otherwise it is all of them.</param>
internal sealed record ResponsesItemKind(
    string Type,
    ResponsesMember Call = ResponsesMember.Unknown,
    string? Tool = null,
    bool IsText = false,
    bool IsProviderSide = false,
    bool IsWrapped = false)
{
    private static readonly ResponsesItemKind[] s_known =
    [
        new("message"),
        new("reasoning"),
        new("function_call", ResponsesMember.Arguments),
        new("custom_tool_call", ResponsesMember.Input, IsText: true),
        new("mcp_call", ResponsesMember.Arguments, IsProviderSide: true),
        new("mcp_approval_request", ResponsesMember.Arguments, IsProviderSide: true),
        new("web_search_call", ResponsesMember.Action, "web_search", IsProviderSide: true),
        new("file_search_call", ResponsesMember.Queries, "file_search", IsProviderSide: true, IsWrapped: true),
        new("code_interpreter_call", ResponsesMember.Code, "code_interpreter", IsProviderSide: true, IsWrapped: true),
        new("image_generation_call", ResponsesMember.RevisedPrompt, "image_generation", IsProviderSide: true, IsWrapped: true),
        new("program", ResponsesMember.Code, "programmatic_tool_calling", IsProviderSide: true, IsWrapped: true),
        new("computer_call", ResponsesMember.Action, "computer"),
        new("local_shell_call", ResponsesMember.Action, "local_shell"),
        new("shell_call", ResponsesMember.Action, "shell"),
        new("apply_patch_call", ResponsesMember.Operation, "apply_patch"),
        new("tool_search_call", ResponsesMember.Arguments, "tool_search"),
        new("function_call_output"),
        new("custom_tool_call_output"),
        new("computer_call_output"),
        new("local_shell_call_output"),
        new("shell_call_output"),
        new("apply_patch_call_output"),
        new("program_output"),
        new("mcp_list_tools"),
        new("mcp_approval_response"),
        new("tool_search_output"),
        new("additional_tools"),
        new("compaction"),
    ];

    /// <summary>An item of a type that no table knows.</summary>
    public static ResponsesItemKind Unknown { get; } = new("");

    /// <summary>Whether the item names the tool itself.</summary>
    public bool IsNamedCall => Call != ResponsesMember.Unknown && Tool is null;

    /// <summary>Whether the item is a call of a tool that only its type names.</summary>
    public bool IsImpliedCall => Tool is not null;

    /// <summary>The kind of <paramref name="type"/>.</summary>
    public static ResponsesItemKind Of(JsonString type)
    {
        foreach (var kind in s_known)
        {
            if (type.Raw.Length == kind.Type.Length && type.Is(kind.Type))
            {
                return kind;
            }
        }

        return Unknown;
    }
}
