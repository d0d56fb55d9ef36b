namespace Gateway.Tests.Clients;

/// <summary>An official SDK behind the few operations that the shared scenarios need. Nothing is changed about it but base address and key.</summary>
public interface IScenarioClient
{
    /// <summary>The path of the endpoint below the gateway's address, for bodies sent by hand.</summary>
    string Path { get; }

    /// <summary>The stable word of a policy block in this format: a code, or where the format has none, the error type.</summary>
    string BlockWord { get; }

    /// <summary>A model name of this format under which the scripted provider behaves as the word says; every call gives a new name.</summary>
    string Model(string behaviour);

    Task<Answer> AskAsync(Ask ask, CancellationToken cancellationToken);

    /// <summary>The pieces of text as they arrive; tool calls as one piece "name arguments" at the end.</summary>
    IAsyncEnumerable<string> StreamAsync(Ask ask, CancellationToken cancellationToken);

    /// <summary>The exception type that the SDK has for a status; the scenarios require exactly this type.</summary>
    Type ExceptionFor(int status);

    /// <summary>The exception type with which the SDK reports a stream that the gateway cut.</summary>
    Type StreamException { get; }

    /// <summary>The HTTP status that an SDK exception carries; null when it carries none.</summary>
    int? StatusOf(Exception exception);
}

/// <summary>One request of a scenario.</summary>
public sealed record Ask(string Model, string Text)
{
    /// <summary>Earlier turns, user and assistant by turns, before <see cref="Text"/>.</summary>
    public IReadOnlyList<string> History { get; init; } = [];

    public BinaryData? PngImage { get; init; }

    public bool DeclaresTool { get; init; }

    /// <summary>The result of the tool call that the model made before; null on the first turn.</summary>
    public string? ToolResult { get; init; }
}

/// <summary>What the SDK made of a whole answer.</summary>
public sealed record Answer(string Text, string? ToolName, string? ToolArguments);
