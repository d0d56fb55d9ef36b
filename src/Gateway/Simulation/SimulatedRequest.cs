using System.Collections.Immutable;
using System.Text.Json;

namespace Gateway.Simulation;

/// <summary>A tool that the request declares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schema">The JSON Schema of its arguments; undefined when the request gives none.</param>
internal sealed record SimulatedTool(string Name, JsonElement Schema);

/// <summary>How far the request lets the answer call tools.</summary>
/// <param name="Allowed">False: the request forbids calls.</param>
/// <param name="Required">True: the answer must call a tool.</param>
/// <param name="Forced">The one tool the answer must call, or null.</param>
/// <param name="Parallel">Whether several calls may stand in one answer.</param>
internal readonly record struct SimulatedToolChoice(bool Allowed, bool Required, string? Forced, bool Parallel)
{
    /// <summary>The answer decides.</summary>
    public static SimulatedToolChoice Auto { get; } = new(Allowed: true, Required: false, Forced: null, Parallel: true);
}

/// <summary>A request as the script understands it, whatever its wire format.</summary>
internal sealed record SimulatedRequest
{
    /// <summary>The model's name, echoed in the answer.</summary>
    public required string Model { get; init; }

    /// <summary>The text of the last user message that has any; empty when there is none.</summary>
    public required string UserText { get; init; }

    /// <summary>The tool result that ends the conversation; null when it ends otherwise.</summary>
    public string? ToolResult { get; init; }

    /// <summary>Declared tools, in the request's order.</summary>
    public ImmutableArray<SimulatedTool> Tools { get; init; } = [];

    /// <summary>How far tools may be called.</summary>
    public SimulatedToolChoice ToolChoice { get; init; } = SimulatedToolChoice.Auto;

    /// <summary>Whether the answer is a stream.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether a Chat stream ends with a usage chunk.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Number of answers wanted, 1 to 128.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>Largest answer, in tokens; null: no limit.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Texts that are answered one by one: to embed, or prompts to repeat before their answers.</summary>
    public ImmutableArray<string> Inputs { get; init; } = [];

    /// <summary>Numbers of an embedding.</summary>
    public int Dimensions { get; init; }

    /// <summary>Whether embeddings are sent as base64 of 32-bit floats, lowest byte first.</summary>
    public bool AsBase64 { get; init; }

    /// <summary>Number of messages.</summary>
    public int Messages { get; init; }

    /// <summary>UTF-8 bytes of all message texts and tool declarations, the base of the token estimate.</summary>
    public int TextBytes { get; init; }

    /// <summary>Lower-case hexadecimal SHA-256 of the body: ids are cut from it, so the same request gets the same ids.</summary>
    public required string Hash { get; init; }
}
