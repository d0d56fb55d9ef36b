namespace Gateway.Core.Telemetry;

/// <summary>Values of <c>gen_ai.operation.name</c>.</summary>
internal static class TraceOperations
{
    /// <summary>Chat completions and messages.</summary>
    public const string Chat = "chat";
}
