namespace Gateway.Proxy;

/// <summary>
/// The headers of the provider that clients get: request ids, rate limits, timings. Everything else stays: cookies, server names, account ids,
/// and <c>x-should-retry</c>, which would make SDKs repeat what the gateway refuses.
/// </summary>
internal static class ResponseHeaders
{
    private static readonly string[] Exact = ["x-request-id", "request-id", "openai-version", "openai-processing-ms"];
    private static readonly string[] Prefixes = ["x-ratelimit-", "anthropic-ratelimit-"];

    public static void Copy(HttpResponseMessage from, HttpResponse to)
    {
        foreach (var (name, values) in from.Headers.NonValidated)
        {
            if (IsPassed(name))
            {
                to.Headers[name] = values.ToString();
            }
        }
    }

    private static bool IsPassed(string name)
    {
        foreach (var exact in Exact)
        {
            if (name.Equals(exact, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        foreach (var prefix in Prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
