using Gateway.Core.Formats;
using Gateway.Core.Formats.Models;

namespace Gateway.Proxy;

/// <summary>
/// What the providers say they have, asked for when a client wants a list of models and kept for a minute for all tenants. A provider that does not
/// answer, or answers with something else, is asked again a little later; until then its list is not known.
/// </summary>
internal sealed class ProviderModels(ProviderCatalog providers, TimeProvider time) : IDisposable
{
    private const int LargestList = 4 * 1024 * 1024;
    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_failed = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<FormatId, Asked> _lists = [];

    // Redirects would carry the credential away, a proxy of the environment would see it, and providers learn nothing of our traces.
    private readonly HttpClient _client = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null }, disposeHandler: true)
    {
        Timeout = TimeSpan.FromSeconds(5),
        MaxResponseContentBufferSize = LargestList,
    };

    /// <summary>The list of the provider behind <paramref name="format"/>; null: not known.</summary>
    public async ValueTask<IReadOnlyList<ListedModel>?> OfAsync(IModelListFormat format, CancellationToken cancellationToken)
    {
        if (providers.For(format.Endpoints[0]) is not { } provider)
        {
            return null;
        }

        var asked = Latest(format, provider, stale: null);
        var list = await asked.List.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (time.GetElapsedTime(asked.Started) < (list is null ? s_failed : s_fresh))
        {
            return list;
        }

        // Nobody waits for a provider that has just failed once more than its time-out.
        return await Latest(format, provider, asked).List.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private Asked Latest(IModelListFormat format, Provider provider, Asked? stale)
    {
        lock (_gate)
        {
            if (!_lists.TryGetValue(format.Id, out var asked) || ReferenceEquals(asked, stale))
            {
                // Not tied to the request that happens to come first: others wait for the same answer.
                _lists[format.Id] = asked = new Asked(AskAsync(format, provider), time.GetTimestamp());
            }

            return asked;
        }
    }

    private async Task<IReadOnlyList<ListedModel>?> AskAsync(IModelListFormat format, Provider provider)
    {
        foreach (var (_, address) in provider.Destinations)
        {
            try
            {
                using var request = Request(format, provider, address);
                using var response = await _client.SendAsync(request).ConfigureAwait(false);
                if (response.IsSuccessStatusCode && format.ReadList(await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false)) is { } list)
                {
                    return list;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
            {
                // The next address, or none: a list that cannot be had is not known, which is what the answer then says.
            }
        }

        return null;
    }

    private static HttpRequestMessage Request(IModelListFormat format, Provider provider, Uri address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, format.Endpoints[0].UpstreamPath.TrimStart('/')));
        if (provider.Credential is { } credential)
        {
            request.Headers.TryAddWithoutValidation(provider.Profile.CredentialHeader, provider.Profile.CredentialPrefix + credential);
        }

        foreach (var header in provider.Profile.ForwardedHeaders)
        {
            if (header.Default is { } value)
            {
                request.Headers.TryAddWithoutValidation(header.Name, value);
            }
        }

        request.Headers.TryAddWithoutValidation("User-Agent", "llm-gateway");
        return request;
    }

    private sealed record Asked(Task<IReadOnlyList<ListedModel>?> List, long Started);
}
