using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Exchanges;

namespace Gateway.Proxy;

/// <summary>
/// Names the end user of a request and hides the name: records and limits use a keyed hash, since ids of users are often e-mail addresses.
/// The key is random, made at the first start, and stays in the data folder; destroying it makes all hashes anonymous.
/// </summary>
internal sealed class EndUsers
{
    private const int KeyLength = 32;
    private readonly string? _header;
    private readonly byte[] _key;

    public EndUsers(GatewayOptions options)
    {
        _header = options.EndUserHeader;
        _key = LoadKey(Path.Combine(options.DataFolder, "end-users.key"));
    }

    /// <summary>The configured header wins over the body: a trusted front end sets it.</summary>
    public string? Of(HttpRequest request, ExchangeRequest body) =>
        _header is not null && request.Headers[_header] is [{ Length: > 0 } named] ? named : body.EndUser;

    /// <summary>The first 128 bits of the HMAC-SHA256 of <paramref name="user"/>, in hexadecimal.</summary>
    public string? Hash(string? user)
    {
        if (user is null)
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(user), hash);
        return Convert.ToHexStringLower(hash[..16]);
    }

    private static byte[] LoadKey(string path)
    {
        if (File.Exists(path) && File.ReadAllBytes(path) is { Length: KeyLength } known)
        {
            return known;
        }

        var key = RandomNumberGenerator.GetBytes(KeyLength);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(key);
        return key;
    }
}
