using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Gateway.Core.Tenants;
using Xunit;

namespace Gateway.Core.Tests.Tenants;

public sealed class GatewayKeyTests
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    [Fact]
    public void TryParse_every_formatted_key_gives_its_parts_back()
    {
        Gen.Select(Gen.Char["0123456789abcdefghjkmnpqrstvwxyz"].Array[12], Gen.Char[Alphabet].Array[43]).Sample((id, secret) =>
        {
            var parsed = GatewayKey.TryParse(GatewayKey.Format(new string(id), new string(secret)), out var foundId, out var foundSecret);
            return parsed && foundId.SequenceEqual(id) && foundSecret.SequenceEqual(secret);
        });
    }

    [Fact]
    public void TryParse_any_text_that_parses_formats_to_itself()
    {
        var nearKeys = Gen.Select(Gen.Int[0, 58], Gen.Char, (position, character) =>
        {
            var text = GatewayKey.Format(GatewayKey.NewId(), GatewayKey.NewSecret()).ToCharArray();
            text[position] = character;
            return new string(text);
        });
        Gen.OneOf(nearKeys, Gen.String).Sample(text =>
            !GatewayKey.TryParse(text, out var id, out var secret) || GatewayKey.Format(id.ToString(), secret.ToString()) == text);
    }

    [Fact]
    public void TryParse_one_character_more_or_less_refused()
    {
        var key = GatewayKey.Format(GatewayKey.NewId(), GatewayKey.NewSecret());
        Assert.False(GatewayKey.TryParse(key + "A", out _, out _));
        Assert.False(GatewayKey.TryParse(key.AsSpan(0, key.Length - 1), out _, out _));
        Assert.False(GatewayKey.TryParse(" " + key, out _, out _));
        Assert.False(GatewayKey.TryParse(key.ToUpperInvariant(), out _, out _));
    }

    [Fact]
    public void TryParse_demo_key_is_not_a_stored_key() => Assert.False(GatewayKey.TryParse(GatewayKey.Demo, out _, out _));

    [Fact]
    public void HashText_is_the_SHA256_of_the_ascii_secret()
    {
        var secret = GatewayKey.NewSecret();
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret))), GatewayKey.HashText(secret));
    }

    [Fact]
    public void NewSecret_holds_at_least_256_bits()
    {
        Assert.True(GatewayKey.SecretLength * Math.Log2(Alphabet.Length) >= 256);
        Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => GatewayKey.NewSecret()).Distinct().Count());
    }
}
