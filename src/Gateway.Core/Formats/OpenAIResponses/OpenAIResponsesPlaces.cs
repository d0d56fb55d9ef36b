using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>Places that only answers of this format have.</summary>
internal static class ResponsesPlaces
{
    /// <summary>The request's instructions, which the answer repeats.</summary>
    public static readonly TextPlace Instructions = new(TextKind.Whole, Surface.System, Trust.Operator);

    /// <summary>The request's tools, which the answer repeats.</summary>
    public static readonly TextPlace Tools = new(TextKind.Whole, Surface.ToolDefinition, Trust.ToolDefinition);

    /// <summary>Tools that a server of a third party lists.</summary>
    public static readonly TextPlace ListedTools = new(TextKind.Whole, Surface.ToolDefinition, Trust.ThirdParty);

    /// <summary>Arguments of a call that stand as JSON values.</summary>
    public static readonly TextPlace Arguments = new(TextKind.Whole, Surface.ToolArguments, Trust.Model);

    /// <summary>A picture.</summary>
    public static readonly TextPlace Image = new(TextKind.Whole, Surface.ToolResult, Trust.ThirdParty, SegmentFlags.Binary);

    /// <summary>What a person gave as a reason.</summary>
    public static readonly TextPlace Reason = new(TextKind.Whole, Surface.User, Trust.User);
}
