using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Core.Tenants;

/// <summary>
/// The text form of a gateway key, <c>gw_&lt;id&gt;_&lt;secret&gt;</c>. The id is public: 12 characters of Crockford's base32 in lower case (no i, l, o,
/// u). The secret is 43 characters drawn uniformly from 62 (256 bits). Neither alphabet has <c>_</c> and both lengths are fixed, so a text has
/// one reading. No slow hash protects the secret: slow hashes make guessing of human passwords expensive, and 2^256 values cannot be guessed at any
/// speed, while a slow hash on each request would be a way to exhaust the gateway.
/// </summary>
public static class GatewayKey
{
    /// <summary>What every gateway key starts with.</summary>
    public const string Prefix = "gw_";

    /// <summary>The key of the quick start. It is public, and valid only while the built-in simulated provider serves.</summary>
    public const string Demo = "gw_demo_not_a_secret";

    /// <summary>Tenant and key id of <see cref="Demo"/>.</summary>
    public const string DemoTenant = "demo";

    /// <summary>Length of an id.</summary>
    public const int IdLength = 12;

    /// <summary>Length of a secret.</summary>
    public const int SecretLength = 43;

    /// <summary>Length of a whole key.</summary>
    public const int Length = 3 + IdLength + 1 + SecretLength;

    private const string IdAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const string SecretAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create(IdAlphabet);
    private static readonly SearchValues<char> SecretCharacters = SearchValues.Create(SecretAlphabet);

    /// <summary>A new random id.</summary>
    public static string NewId() => RandomNumberGenerator.GetString(IdAlphabet, IdLength);

    /// <summary>A new random secret.</summary>
    public static string NewSecret() => RandomNumberGenerator.GetString(SecretAlphabet, SecretLength);

    /// <summary>The key's text.</summary>
    public static string Format(string id, string secret) => $"{Prefix}{id}_{secret}";

    /// <summary>Whether <paramref name="id"/> has the form of an id.</summary>
    public static bool IsId(ReadOnlySpan<char> id) => id.Length == IdLength && !id.ContainsAnyExcept(IdCharacters);

    /// <summary>Splits a key. False: it has another form, and <paramref name="id"/> and <paramref name="secret"/> are empty.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ReadOnlySpan<char> id, out ReadOnlySpan<char> secret)
    {
        id = secret = default;
        if (text.Length != Length || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[3 + IdLength] != '_')
        {
            return false;
        }

        var candidate = text.Slice(3, IdLength);
        var rest = text[(4 + IdLength)..];
        if (!IsId(candidate) || rest.ContainsAnyExcept(SecretCharacters))
        {
            return false;
        }

        id = candidate;
        secret = rest;
        return true;
    }

    /// <summary>Writes the SHA-256 of a parsed secret's ASCII bytes: the only form in which it is kept.</summary>
    public static void Hash(ReadOnlySpan<char> secret, Span<byte> destination)
    {
        Span<byte> ascii = stackalloc byte[SecretLength];
        Encoding.ASCII.GetBytes(secret, ascii);
        SHA256.HashData(ascii, destination);
        CryptographicOperations.ZeroMemory(ascii);
    }

    /// <summary>The hash of <paramref name="secret"/> in lower-case hexadecimal, as it stands in the key file.</summary>
    public static string HashText(ReadOnlySpan<char> secret)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(secret, hash);
        return Convert.ToHexStringLower(hash);
    }
}
