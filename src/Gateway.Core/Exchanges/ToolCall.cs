namespace Gateway.Core.Exchanges;

/// <summary>A tool the request declares. Provider-side tools carry their type as name (<c>web_search</c>).</summary>
public readonly record struct ToolDeclaration(string Name, bool ProviderSide);

/// <summary>
/// A tool call. <paramref name="Arguments"/> is the raw JSON text as it stands on the wire (a string's content, or an object's bytes).
/// <paramref name="History"/>: replayed by the client. <paramref name="ProviderSide"/>: already executed by the provider.
/// </summary>
public sealed record ToolCall(string Name, string Arguments, string? Id, bool History, bool ProviderSide);
