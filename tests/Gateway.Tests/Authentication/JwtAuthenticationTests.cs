using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Authentication;
using Gateway.Core.Tenants;
using Microsoft.AspNetCore.Http;
using Xunit;
using static Gateway.Tests.Authentication.TokenFixture;

namespace Gateway.Tests.Authentication;

public sealed class JwtAuthenticationTests : IDisposable
{
    private static readonly AuthenticationResult Unknown = AuthenticationResult.Fail(AuthenticationFailure.Unknown);
    private readonly TokenFixture _idp = new();

    public void Dispose() => _idp.Dispose();

    [Fact]
    public async Task Authenticate_RS256_token_gives_tenant_and_application()
    {
        var result = await _idp.AuthenticateAsync(_idp.Signed(GoodClaims));
        Assert.Equal(new TenantIdentity("acme", "chat", "jwt"), result.Identity);
    }

    [Fact]
    public async Task Authenticate_PS256_and_ES256_tokens_are_accepted()
    {
        var pss = Compose(Header("PS256", "rsa1"), GoodClaims, input => _idp.Rsa.SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
        var ec = Compose(Header("ES256", "ec1"), GoodClaims, input => _idp.Ec.SignData(input, HashAlgorithmName.SHA256));
        Assert.NotNull((await _idp.AuthenticateAsync(pss)).Identity);
        Assert.NotNull((await _idp.AuthenticateAsync(ec)).Identity);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("")]
    public async Task Authenticate_unsigned_token_is_refused(string algorithm) =>
        Assert.Null((await _idp.AuthenticateAsync(Compose(Header(algorithm, "rsa1"), GoodClaims, _ => []))).Identity);

    [Fact]
    public async Task Authenticate_HS256_token_made_with_the_public_key_is_refused()
    {
        byte[][] secrets =
        [
            Encoding.ASCII.GetBytes(_idp.Rsa.ExportSubjectPublicKeyInfoPem()),
            _idp.Rsa.ExportSubjectPublicKeyInfo(),
            _idp.Rsa.ExportParameters(false).Modulus!,
            await File.ReadAllBytesAsync(_idp.JwksFile),
        ];
        foreach (var secret in secrets)
        {
            var token = Compose(Header("HS256", "rsa1"), GoodClaims, input => HMACSHA256.HashData(secret, input));
            Assert.Equal(Unknown, await _idp.AuthenticateAsync(token));
        }
    }

    [Fact]
    public async Task Authenticate_key_of_another_with_known_unknown_or_no_kid_is_refused()
    {
        using var attacker = RSA.Create(2048);
        foreach (var kid in (string?[])["rsa1", "ec1", "other", "", null])
        {
            var token = Compose(Header("RS256", kid), GoodClaims, input => attacker.SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
            Assert.Equal(Unknown, await _idp.AuthenticateAsync(token));
        }
    }

    [Fact]
    public async Task Authenticate_right_key_under_an_unknown_kid_is_refused() =>
        Assert.Equal(Unknown, await _idp.AuthenticateAsync(_idp.Signed(GoodClaims, Header("RS256", "other"))));

    [Fact]
    public async Task Authenticate_key_that_the_token_brings_along_is_not_used()
    {
        using var attacker = RSA.Create(2048);
        var header = Header("RS256", "attacker");
        header["jwk"] = RsaJwk(attacker, "attacker");
        header["jku"] = "https://attacker.example/jwks.json";
        var token = Compose(header, GoodClaims, input => attacker.SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal(Unknown, await _idp.AuthenticateAsync(token));
    }

    [Fact]
    public async Task Authenticate_claims_changed_after_signing_are_refused()
    {
        var parts = _idp.Signed(GoodClaims).Split('.');
        parts[1] = Encode(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>(GoodClaims) { ["tenant"] = "globex" }));
        Assert.Equal(Unknown, await _idp.AuthenticateAsync(string.Join('.', parts)));
    }

    public static TheoryData<string, object?> WrongClaims => new()
    {
        { "aud", "another-service" },
        { "aud", null },
        { "aud", Array.Empty<string>() },
        { "iss", "https://attacker.example" },
        { "iss", Issuer + "/" },
        { "iss", null },
        { "exp", null },
        { "exp", "never" },
        { "nbf", Now.AddMinutes(2).ToUnixTimeSeconds() },
        { "tenant", null },
        { "tenant", "" },
        { "tenant", "_other" },
        { "tenant", "Acme" },
        { "tenant", 7 },
        { "tenant", true },
        { "tenant", new[] { "acme", "globex" } },
        { "tenant", new { name = "acme" } },
        { "application", "A B" },
        { "application", new[] { "a", "b" } },
    };

    [Theory]
    [MemberData(nameof(WrongClaims))]
    public async Task Authenticate_claim_missing_or_wrong_is_refused(string claim, object? value)
    {
        var claims = GoodClaims;
        claims.Remove(claim);
        if (value is not null)
        {
            claims[claim] = value;
        }

        Assert.Null((await _idp.AuthenticateAsync(_idp.Signed(claims))).Identity);
    }

    [Fact]
    public async Task Authenticate_no_application_claim_is_accepted()
    {
        var claims = GoodClaims;
        claims.Remove("application");
        Assert.Equal(new TenantIdentity("acme", null, "jwt"), (await _idp.AuthenticateAsync(_idp.Signed(claims))).Identity);
    }

    [Fact]
    public async Task Authenticate_token_is_expired_once_its_time_and_the_skew_are_over()
    {
        var token = _idp.Signed(GoodClaims);
        _idp.Time.Advance(TimeSpan.FromMinutes(6) - TimeSpan.FromSeconds(1));
        Assert.NotNull((await _idp.AuthenticateAsync(token)).Identity);
        _idp.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(AuthenticationFailure.Expired, (await _idp.AuthenticateAsync(token)).Failure);
    }

    [Fact]
    public async Task Authenticate_expired_token_with_a_wrong_signature_does_not_say_expired()
    {
        using var attacker = RSA.Create(2048);
        var claims = GoodClaims;
        claims["exp"] = Now.AddDays(-1).ToUnixTimeSeconds();
        var token = Compose(Header("RS256", "rsa1"), claims, input => attacker.SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal(Unknown, await _idp.AuthenticateAsync(token));
    }

    [Fact]
    public async Task Authenticate_critical_extension_is_refused()
    {
        var header = Header("RS256", "rsa1");
        header["crit"] = new[] { "urn:example:only-on-sundays" };
        Assert.Equal(Unknown, await _idp.AuthenticateAsync(_idp.Signed(GoodClaims, header)));
    }

    [Theory]
    [InlineData("sk-123")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9..")]
    [InlineData("a.b.c.d.e")]
    public async Task Authenticate_text_that_is_no_token_is_refused(string token) =>
        Assert.NotNull((await _idp.AuthenticateAsync(token)).Failure);

    [Fact]
    public async Task Authenticate_gateway_key_is_not_tried_as_token() =>
        Assert.Equal(AuthenticationFailure.Malformed, (await _idp.AuthenticateAsync("gw_x")).Failure);

    [Fact]
    public async Task Authenticate_token_in_a_key_header_is_malformed()
    {
        var context = new DefaultHttpContext();
        context.Request.Headers["x-api-key"] = _idp.Signed(GoodClaims);
        Assert.Equal(AuthenticationFailure.Malformed, (await _idp.Authenticator.AuthenticateAsync(context)).Failure);
    }

    [Fact]
    public async Task Authenticate_identity_provider_cannot_be_reached_is_refused_and_does_not_throw()
    {
        var options = _idp.Options with { SigningKeysFile = null, Authority = "http://127.0.0.1:9", RequireHttpsMetadata = false };
        Assert.Null((await AuthenticateAsync(_idp.Create(options), _idp.Signed(GoodClaims))).Identity);
    }

    [Fact]
    public void FromFile_symmetric_private_or_nameless_key_is_refused()
    {
        var parameters = _idp.Rsa.ExportParameters(true);
        object[] bad =
        [
            new { kty = "oct", kid = "s", k = Encode(new byte[32]) },
            new { kty = "RSA", kid = "p", n = Encode(parameters.Modulus!), e = Encode(parameters.Exponent!), d = Encode(parameters.D!) },
            RsaJwk(_idp.Rsa, null),
        ];
        foreach (var key in bad)
        {
            File.WriteAllText(_idp.JwksFile, JsonSerializer.Serialize(new { keys = new[] { key } }));
            Assert.Throws<InvalidOperationException>(() => JwtKeys.FromFile(_idp.JwksFile));
        }

        File.WriteAllText(_idp.JwksFile, """{"keys":[]}""");
        Assert.Throws<InvalidOperationException>(() => JwtKeys.FromFile(_idp.JwksFile));
        File.WriteAllText(_idp.JwksFile, "{");
        Assert.Throws<InvalidOperationException>(() => JwtKeys.FromFile(_idp.JwksFile));
        Assert.Throws<InvalidOperationException>(() => JwtKeys.FromFile(_idp.JwksFile + ".none"));
    }

    public static TheoryData<string, Func<JwtOptions, JwtOptions>> BadOptions => new()
    {
        { "exactly one", options => options with { SigningKeysFile = null } },
        { "exactly one", options => options with { Authority = "https://idp.example" } },
        { "Audience", options => options with { Audience = null } },
        { "Issuer", options => options with { Issuer = "" } },
        { "TenantClaim", options => options with { TenantClaim = "" } },
        { "ClockSkew", options => options with { ClockSkew = TimeSpan.FromDays(1) } },
        { "must be https", options => options with { SigningKeysFile = null, Authority = "http://idp.example" } },
        { "http(s)", options => options with { SigningKeysFile = null, Authority = "idp" } },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Validate_options_that_would_be_unsafe_are_refused(string message, Func<JwtOptions, JwtOptions> change) =>
        Assert.Contains(message, Assert.Throws<InvalidOperationException>(() => change(_idp.Options).Validate()).Message);
}
