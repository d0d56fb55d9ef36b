using Gateway.Core.Formats;
using Gateway.Core.Policies;

namespace Gateway.Proxy;

/// <summary>
/// The header by which clients ask a provider for betas: a comma-separated list, which may be sent in several lines. It is never passed on as it
/// came: the values that the policy lists are written anew.
/// </summary>
internal static class BetaHeader
{
    // SDKs send a handful. More would only fill records.
    private const int MostValues = 32;

    /// <summary>The values that <paramref name="request"/> asks for, each once.</summary>
    public static IReadOnlyList<string> Read(HttpRequest request, WireEndpoint endpoint)
    {
        if (ProfileOf(endpoint)?.BetaHeader is not { } name || request.Headers[name] is not { Count: > 0 } lines)
        {
            return [];
        }

        return [.. lines
            .SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Distinct(StringComparer.Ordinal)
            .Take(MostValues)];
    }

    /// <summary>The header's value for the provider, or null: only what <paramref name="rules"/> list.</summary>
    public static string? Write(IReadOnlyList<string> asked, UnseenRules rules)
    {
        var passed = asked.Where(rules.PassesBeta).ToArray();
        return passed.Length == 0 ? null : string.Join(',', passed);
    }

    private static ProviderProfile? ProfileOf(WireEndpoint endpoint) =>
        ProviderProfile.All.FirstOrDefault(profile => string.Equals(profile.Name, endpoint.Provider, StringComparison.Ordinal));
}
