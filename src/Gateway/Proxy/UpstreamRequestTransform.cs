using System.Net.Http.Headers;
using Gateway.Core.Formats;
using Yarp.ReverseProxy.Transforms;

namespace Gateway.Proxy;

/// <summary>
/// Builds the upstream request from nothing: the provider's path, the provider's credential, the headers the format allows. No header of the
/// client is copied by default, so none can choose the upstream, carry a credential along or ask for a compressed answer.
/// </summary>
internal static class UpstreamRequestTransform
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public static ValueTask ApplyAsync(RequestTransformContext transform)
    {
        var feature = ExchangeFeature.Of(transform.HttpContext);
        var provider = feature.Provider ?? throw new InvalidOperationException("No provider was chosen.");
        transform.Path = feature.Endpoint.PathFor(feature.Exchange.ModelSent!);
        transform.Query.Collection.Clear();
        foreach (var key in feature.Endpoint.Query)
        {
            if (transform.HttpContext.Request.Query.TryGetValue(key.Name, out var values))
            {
                transform.Query.Collection[key.Name] = values;
            }
        }

        var request = transform.ProxyRequest;
        if (provider.Credential is { } credential)
        {
            request.Headers.TryAddWithoutValidation(provider.Profile.CredentialHeader, provider.Profile.CredentialPrefix + credential);
        }

        foreach (var header in provider.Profile.ForwardedHeaders)
        {
            var sent = transform.HttpContext.Request.Headers[header.Name];
            if ((sent.Count == 0 ? header.Default : sent[0]) is { } value)
            {
                request.Headers.TryAddWithoutValidation(header.Name, value);
            }
        }

        var exchange = feature.Exchange;
        if (provider.Profile.BetaHeader is { } beta && BetaHeader.Write(exchange.Request!.Betas, exchange.Policy!.Unseen) is { } listed)
        {
            request.Headers.TryAddWithoutValidation(beta, listed);
        }

        request.Headers.TryAddWithoutValidation("User-Agent", "llm-gateway");

        // Not asking says that any encoding will do (RFC 9110, section 12.5.3).
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        request.Content!.Headers.ContentType = Json;
        request.Content.Headers.ContentLength = feature.UpstreamBody.Length;
        return ValueTask.CompletedTask;
    }
}
