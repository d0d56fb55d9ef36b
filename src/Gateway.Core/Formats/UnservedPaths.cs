using System.Collections.Frozen;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats;

/// <summary>
/// What a request to a path that no format serves asks for, as far as the path tells. Nothing is forwarded in any case: this is only for the
/// record and for the words of the refusal.
/// </summary>
public static class UnservedPaths
{
    /// <summary>The words of a path that tell what it is about, in lower case.</summary>
    public static IReadOnlyList<(Capability Capability, string[] Words)> Words { get; } =
    [
        (Capability.Batch, ["batches", "batchgeneratecontent", "asyncbatchembedcontent"]),
        (Capability.Realtime, ["realtime", "bidigeneratecontent"]),
        (Capability.StoredFile, ["files", "uploads", "vector_stores", "containers", "skills"]),
        (Capability.StoredHistory, ["assistants", "threads", "conversations", "responses", "completions", "cachedcontents", "sessions", "memory_stores"]),
        (Capability.StoredPrompt, ["prompts"]),
    ];

    private static readonly FrozenDictionary<string, Capability> s_words = Words
        .SelectMany(entry => entry.Words.Select(word => KeyValuePair.Create(word, entry.Capability)))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The capability that <paramref name="path"/> asks for.</summary>
    /// <param name="path">The decoded path.</param>
    /// <param name="isSocket">Whether the client asks for a socket instead of an answer.</param>
    public static Capability CapabilityOf(string path, bool isSocket)
    {
        if (isSocket)
        {
            return Capability.Realtime;
        }

        // The last word decides: /v1/messages/batches is about batches.
        foreach (var word in path.Split('/', ':').Reverse())
        {
            if (s_words.TryGetValue(word, out var capability))
            {
                return capability;
            }
        }

        return Capability.UnknownRoute;
    }

    /// <summary>The format in whose shape a client of <paramref name="path"/> reads errors: its provider if known, then the longest common beginning.</summary>
    /// <param name="path">The decoded path.</param>
    /// <param name="sends">Whether the request has a header of this name.</param>
    public static IWireFormat NearestFormat(string path, Func<string, bool> sends)
    {
        var families = ProviderProfile.All.Where(profile => profile.ForwardedHeaders.Any(header => sends(header.Name))).Select(profile => profile.Name).ToArray();
        var candidates = WireFormats.All.Where(format => format.Endpoints.Any(endpoint => families.Contains(endpoint.Provider))).ToArray();
        return (candidates.Length == 0 ? WireFormats.All : candidates).MaxBy(format =>
            format.Endpoints.SelectMany(endpoint => endpoint.Routes).Max(route => Nearness(route.Split('{')[0], path)))!;
    }

    // A path below a route is nearer to it than to a longer route that it shares letters with.
    private static int Nearness(string route, string path)
    {
        var length = CommonLength(route, path);
        return length == route.Length ? length + 2 : length;
    }

    private static int CommonLength(string route, string path)
    {
        var length = 0;
        while (length < route.Length && length < path.Length && char.ToLowerInvariant(route[length]) == char.ToLowerInvariant(path[length]))
        {
            length++;
        }

        return length;
    }
}
