using System.Net;

namespace Gateway.Management;

/// <summary>Settings of the management listener.</summary>
public sealed record ManagementOptions
{
    /// <summary>The address it listens on (<c>Gateway:ManagementUrl</c>), such as <c>http://127.0.0.1:8081</c>.</summary>
    public required string Url { get; init; }

    /// <summary>The bearer token that <c>/admin</c> asks for (<c>Gateway:ManagementToken</c>); null or empty: none.</summary>
    public string? Token { get; init; }

    /// <summary>Whether only this machine can reach the listener. Names such as <c>*</c>, <c>+</c> or a host name do not count, only loopback itself.</summary>
    public bool IsLoopback => Url.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } urls
        && urls.All(url => Uri.TryCreate(url, UriKind.Absolute, out var uri) && IsLoopbackName(uri.Host));

    /// <summary>Whether <paramref name="host"/> is <c>localhost</c> or a loopback address, brackets allowed.</summary>
    public static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
