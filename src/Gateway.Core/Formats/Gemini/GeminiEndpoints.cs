namespace Gateway.Core.Formats.Gemini;

/// <summary>
/// The endpoints of a method, one for each version of the interface that the SDKs use. The upstream path has the version that the client asked for,
/// since it decides which members the provider takes.
/// </summary>
internal static class GeminiEndpoints
{
    private static readonly string[] s_versions = ["/v1beta", "/v1", "/v1alpha"];

    /// <summary>A method whose answer is one body.</summary>
    public static IEnumerable<WireEndpoint> Whole(string method) => s_versions.Select(version => Endpoint(version, method) with
    {
        Streams = false,
        Query = [new QueryKey("alt", value => value == "json")],
    });

    /// <summary>A method whose answer is a stream: events with <c>alt=sse</c>, else a JSON array.</summary>
    public static IEnumerable<WireEndpoint> Streamed(string method) => s_versions.Select(version => Endpoint(version, method) with
    {
        Streams = true,
        Query = [new QueryKey("alt", value => value is "sse" or "json")],
        AsksForEvents = ("alt", "sse"),
    });

    private static WireEndpoint Endpoint(string version, string method) => new()
    {
        Provider = "gemini",
        Routes = [$"{version}/models/{{model}}:{method}"],
        UpstreamPath = $"{version}/models/{{model}}:{method}",
    };
}
