namespace Gateway.Core.Formats;

/// <summary>A query key that may be passed on.</summary>
/// <param name="Name">The key, exactly.</param>
/// <param name="Allows">Whether a value may be passed; any other is refused.</param>
public sealed record QueryKey(string Name, Func<string, bool> Allows);

/// <summary>
/// One way by which clients reach a wire format: the paths at the gateway and the path at a provider of one family. What of the request stands
/// in the path instead of the body (the model, whether the answer streams) is said here.
/// </summary>
public sealed record WireEndpoint
{
    /// <summary>Stands for the model in <see cref="Routes"/> and <see cref="UpstreamPath"/>.</summary>
    public const string ModelParameter = "model";

    /// <summary>The provider family that serves it, a <see cref="ProviderProfile.Name"/>.</summary>
    public required string Provider { get; init; }

    /// <summary>The HTTP method.</summary>
    public string Method { get; init; } = "POST";

    /// <summary>A header that a request must have to mean this endpoint, where another stands on the same routes; null: none.</summary>
    public string? Header { get; init; }

    /// <summary>The route patterns on which clients reach it at the gateway; <c>{model}</c> (<c>{**model}</c> where the name may hold slashes) where the path names the model.</summary>
    public required IReadOnlyList<string> Routes { get; init; }

    /// <summary>The path below the provider's base address, such as <c>/chat/completions</c>; <c>{model}</c> is replaced by the escaped model.</summary>
    public required string UpstreamPath { get; init; }

    /// <summary>Query keys that may be passed on; every other key is refused.</summary>
    public IReadOnlyList<QueryKey> Query { get; init; } = [];

    /// <summary>Whether the path says that the answer is streamed; null where the body says so.</summary>
    public bool? Streams { get; init; }

    /// <summary>
    /// The query key and value by which a client asks for server-sent events, where a stream is a JSON array without them; null where streams are
    /// always events.
    /// </summary>
    public (string Key, string Value)? AsksForEvents { get; init; }

    /// <summary>The part of <paramref name="route"/> before its model.</summary>
    public static string FixedStart(string route)
    {
        var parameter = route.IndexOf('{', StringComparison.Ordinal);
        return parameter < 0 ? route : route[..parameter];
    }

    /// <summary>Whether <paramref name="path"/> is <paramref name="route"/> with some model. Letter case means nothing in routes.</summary>
    public static bool IsRoute(string route, string path)
    {
        var start = FixedStart(route);
        if (start.Length == route.Length)
        {
            return string.Equals(route, path, StringComparison.OrdinalIgnoreCase);
        }

        var end = route[(route.IndexOf('}', StringComparison.Ordinal) + 1)..];
        return path.Length > start.Length + end.Length
            && path.StartsWith(start, StringComparison.OrdinalIgnoreCase)
            && path.EndsWith(end, StringComparison.OrdinalIgnoreCase)
            && !path.AsSpan(start.Length, path.Length - start.Length - end.Length).Contains('/');
    }

    /// <summary>How a streamed answer is framed; <paramref name="query"/> gives the value of a key, or null.</summary>
    public StreamFraming FramingFor(Func<string, string?> query) =>
        AsksForEvents is var (key, value) && query(key) != value ? StreamFraming.JsonArray : StreamFraming.Events;

    /// <summary>The upstream path for <paramref name="model"/>.</summary>
    public string PathFor(string model) => UpstreamPath.Contains("{model}", StringComparison.Ordinal)
        ? UpstreamPath.Replace("{model}", Uri.EscapeDataString(model), StringComparison.Ordinal)
        : UpstreamPath;
}
