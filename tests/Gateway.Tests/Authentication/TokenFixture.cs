using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Authentication;
using Gateway.Core.Tenants;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Authentication;

/// <summary>
/// An identity provider with real keys and a gateway that trusts it. Tokens are put together by hand, so that they can be wrong in ways in which no token
/// library makes them.
/// </summary>
internal sealed class TokenFixture : IDisposable
{
    public const string Issuer = "https://idp.example";
    public const string Audience = "gateway";
    public static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-tests-").FullName;

    public TokenFixture()
    {
        JwksFile = Path.Combine(_folder, "jwks.json");
        File.WriteAllText(JwksFile, JsonSerializer.Serialize(new { keys = new[] { RsaJwk(Rsa, "rsa1"), EcJwk() } }));
        Options = new JwtOptions { SigningKeysFile = JwksFile, Issuer = Issuer, Audience = Audience };
        Authenticator = Create(Options);
    }

    public RSA Rsa { get; } = RSA.Create(2048);

    public ECDsa Ec { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string JwksFile { get; }

    public JwtOptions Options { get; }

    public FakeTimeProvider Time { get; } = new(Now);

    public TrafficAuthenticator Authenticator { get; }

    public static Dictionary<string, object?> GoodClaims => new()
    {
        ["iss"] = Issuer,
        ["aud"] = Audience,
        ["exp"] = Now.AddMinutes(5).ToUnixTimeSeconds(),
        ["tenant"] = "acme",
        ["application"] = "chat",
    };

    public static Dictionary<string, object?> Header(string algorithm, string? kid) => new() { ["alg"] = algorithm, ["kid"] = kid, ["typ"] = "JWT" };

    public TrafficAuthenticator Create(JwtOptions options)
    {
        options.Validate();
        var registry = new KeyRegistry(new KeyFile(_folder, TimeProvider.System), false, Time, NullLogger<KeyRegistry>.Instance);
        var keys = options.SigningKeysFile is { } file ? JwtKeys.FromFile(file) : null;
        return new TrafficAuthenticator(registry, new JwtAuthenticator(options, keys, Time));
    }

    public Task<AuthenticationResult> AuthenticateAsync(string token) => AuthenticateAsync(Authenticator, token);

    public static async Task<AuthenticationResult> AuthenticateAsync(TrafficAuthenticator authenticator, string token)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Authorization = $"Bearer {token}";
        return await authenticator.AuthenticateAsync(context);
    }

    public string Signed(Dictionary<string, object?> claims, Dictionary<string, object?>? header = null) =>
        Compose(header ?? Header("RS256", "rsa1"), claims, input => Rsa.SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public static string Compose(object header, object claims, Func<byte[], byte[]> sign)
    {
        var input = $"{Encode(JsonSerializer.SerializeToUtf8Bytes(header))}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{input}.{Encode(sign(Encoding.ASCII.GetBytes(input)))}";
    }

    public static object RsaJwk(RSA rsa, string? kid)
    {
        var parameters = rsa.ExportParameters(false);
        return new { kty = "RSA", use = "sig", kid, n = Encode(parameters.Modulus!), e = Encode(parameters.Exponent!) };
    }

    public static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    public void Dispose()
    {
        Rsa.Dispose();
        Ec.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private object EcJwk()
    {
        var point = Ec.ExportParameters(false).Q;
        return new { kty = "EC", use = "sig", crv = "P-256", kid = "ec1", x = Encode(point.X!), y = Encode(point.Y!) };
    }
}
