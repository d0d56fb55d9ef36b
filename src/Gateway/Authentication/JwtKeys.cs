using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Authentication;

/// <summary>Where the keys come from that token signatures are checked with.</summary>
internal static class JwtKeys
{
    /// <summary>
    /// The public keys of a JWKS file. Symmetric keys are refused (whoever can check could sign), and so are private keys, which have no business here.
    /// </summary>
    /// <exception cref="InvalidOperationException">The file cannot be used; the message says why.</exception>
    public static IReadOnlyList<SecurityKey> FromFile(string path)
    {
        try
        {
            var set = new JsonWebKeySet(File.ReadAllText(path));
            foreach (var key in set.Keys)
            {
                Require(key.Kty is JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve, path, "holds a key that is neither RSA nor EC.");
                Require(!key.HasPrivateKey && key.D is null, path, "holds a private key; leave only public ones.");
                Require(!string.IsNullOrEmpty(key.Kid), path, "holds a key without kid.");
            }

            var keys = set.GetSigningKeys();
            Require(keys.Count > 0, path, "holds no key to check signatures with.");
            return [.. keys];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidOperationException($"{JwtOptions.Section}: {path} cannot be read as JWKS: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// The keys of the discovery document, fetched at the first token and then at intervals. A token with an unknown <c>kid</c> causes a new fetch at most
    /// once per refresh interval, so that forged ones cannot make the gateway hammer the identity provider.
    /// </summary>
    public static BaseConfigurationManager FromAuthority(JwtOptions options)
    {
        // No redirects: keys come from the address that the operator wrote, or not at all.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(15) };
        var client = new HttpClient(handler, disposeHandler: true) { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = 1024 * 1024 };
        return new ConfigurationManager<OpenIdConnectConfiguration>(
            options.Authority!.TrimEnd('/') + "/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(client) { RequireHttps = options.RequireHttpsMetadata });
    }

    private static void Require(bool condition, string path, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"{JwtOptions.Section}: {path} {message}");
        }
    }
}
