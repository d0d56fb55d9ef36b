using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Hosting;

/// <summary>Set on every connection of the management listener. A client cannot fake it, unlike a Host header.</summary>
internal sealed class ManagementConnection
{
    public static ManagementConnection Instance { get; } = new();
}

/// <summary>Metadata of endpoints that only the management listener serves.</summary>
internal sealed class ManagementEndpoint
{
    public static ManagementEndpoint Instance { get; } = new();
}

/// <summary>The two listeners: traffic for clients, management for operators.</summary>
internal static class Listeners
{
    public static void Configure(KestrelServerOptions kestrel, GatewayOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = Core.Policies.SizeLimits.DefaultBodyBytes;
        Limit(kestrel.Limits, options.Connections);
        Listen(kestrel, options.TrafficUrl, _ => { });
        Listen(kestrel, options.ManagementUrl, listener => listener.Use(next => connection =>
        {
            connection.Features.Set(ManagementConnection.Instance);
            return next(connection);
        }));
    }

    /// <summary>All mistakes in the two addresses and in the bounds.</summary>
    public static IEnumerable<string> Check(GatewayOptions options)
    {
        var bounds = options.Connections;
        foreach (var (name, value, least) in new[]
        {
            (nameof(bounds.Most), bounds.Most, 1), (nameof(bounds.HeadSeconds), bounds.HeadSeconds, 1),
            (nameof(bounds.HeaderCount), bounds.HeaderCount, 1), (nameof(bounds.HeaderBytes), bounds.HeaderBytes, 1024),
            (nameof(bounds.BodySeconds), bounds.BodySeconds, 1), (nameof(bounds.BodyBytesPerSecond), bounds.BodyBytesPerSecond, 0),
            (nameof(bounds.IdleSeconds), bounds.IdleSeconds, 1),
        })
        {
            if (value < least)
            {
                yield return $"Gateway:{nameof(options.Connections)}:{name}: must be at least {least}.";
            }
        }

        foreach (var (name, url) in new[] { (nameof(options.TrafficUrl), options.TrafficUrl), (nameof(options.ManagementUrl), options.ManagementUrl) })
        {
            if (!TryParse(url, out _))
            {
                yield return $"Gateway:{name}: '{url}' is not an address such as http://127.0.0.1:8080, http://*:8080 or https://[::1]:8443.";
            }
        }
    }

    /// <summary>Whether only this machine can reach the management listener.</summary>
    public static bool IsLoopback(string url) =>
        TryParse(url, out var uri) && (uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip)));

    private static void Limit(KestrelServerLimits limits, ConnectionOptions bounds)
    {
        limits.MaxConcurrentConnections = bounds.Most;
        limits.MaxRequestHeaderCount = bounds.HeaderCount;
        limits.MaxRequestHeadersTotalSize = bounds.HeaderBytes;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(bounds.HeadSeconds);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(bounds.IdleSeconds);
        limits.MinRequestBodyDataRate = bounds.BodyBytesPerSecond == 0
            ? null
            : new MinDataRate(bounds.BodyBytesPerSecond, gracePeriod: TimeSpan.FromSeconds(5));
    }

    private static void Listen(KestrelServerOptions kestrel, string url, Action<ListenOptions> configure)
    {
        if (!TryParse(url, out var uri))
        {
            throw new ArgumentException($"'{url}' is not an address to listen on.", nameof(url));
        }

        void Configure(ListenOptions listener)
        {
            if (uri.Scheme == "https")
            {
                listener.UseHttps();
            }

            configure(listener);
        }

        if (uri.Host == "localhost")
        {
            kestrel.ListenLocalhost(uri.Port, Configure);
        }
        else if (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip))
        {
            kestrel.Listen(ip, uri.Port, Configure);
        }
        else
        {
            kestrel.ListenAnyIP(uri.Port, Configure);
        }
    }

    private static bool TryParse(string url, out Uri uri)
    {
        // "*" and "+" mean every interface; Uri takes neither as a host.
        var readable = url.Replace("//*:", "//any.invalid:", StringComparison.Ordinal).Replace("//+:", "//any.invalid:", StringComparison.Ordinal);
        return Uri.TryCreate(readable, UriKind.Absolute, out uri!) && uri.Scheme is "http" or "https" && (
            uri.Host is "localhost" or "any.invalid" || IPAddress.TryParse(uri.Host.Trim('[', ']'), out _));
    }
}
