using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace Gateway.Management;

/// <summary>
/// Who may use <c>/admin</c>. With a token configured: who sends it. Without one: only a listener that this machine alone can reach answers, and only to
/// requests that no foreign web page caused: a page can make a browser here send requests to loopback (told by <c>Origin</c> and
/// <c>Sec-Fetch-Site</c>), or point a name of its own at loopback and read the answers (told by <c>Host</c>).
/// </summary>
/// <param name="isLoopback">Whether only this machine can reach the listener.</param>
/// <param name="token">The token; null or empty: none is configured.</param>
internal sealed class AdminAccess(bool isLoopback, string? token)
{
    private readonly byte[]? _token = string.IsNullOrEmpty(token) ? null : SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Null: allowed. Else the answer.</summary>
    public IResult? Refuse(HttpContext context)
    {
        if (_token is not null)
        {
            return HasToken(context.Request) ? null : Unauthorized(context.Response);
        }

        if (!isLoopback || (context.Connection.RemoteIpAddress is { } remote && !IPAddress.IsLoopback(remote)))
        {
            return Problems.Forbidden(
                "The management listener can be reached from other machines, so /admin needs a token. Set Gateway__ManagementToken and send it as "
                + "'Authorization: Bearer', or listen on loopback only (Gateway__ManagementUrl=http://127.0.0.1:8081).");
        }

        return RefuseForeignPage(context.Request);
    }

    private static IResult? RefuseForeignPage(HttpRequest request)
    {
        if (!IsLoopbackName(request.Host.Host))
        {
            return Problems.Forbidden("Without a token /admin answers only to the host names localhost, 127.0.0.1 and [::1].");
        }

        var origin = request.Headers.Origin;
        if (origin.Count > 1 || (origin.Count == 1 && !string.Equals(origin[0], $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)))
        {
            return Problems.Forbidden("Without a token /admin does not answer to pages of another origin.");
        }

        return request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
            ? null
            : Problems.Forbidden("Without a token /admin does not answer to pages of another site.");
    }

    private static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private bool HasToken(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        // Hashes have one length, so the comparison tells nothing about that of the token.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim(' ')), hash);
        return CryptographicOperations.FixedTimeEquals(hash, _token);
    }

    private static IResult Unauthorized(HttpResponse response)
    {
        response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        return Problems.Of(StatusCodes.Status401Unauthorized, "The management token (Gateway__ManagementToken) must be sent as 'Authorization: Bearer'.");
    }
}
