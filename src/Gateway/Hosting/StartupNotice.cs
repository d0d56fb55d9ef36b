using Gateway.Core.Tenants;
using Gateway.Proxy;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gateway.Hosting;

/// <summary>What a person sees who starts the gateway without any provider: where it listens, the demo key, three lines to try.</summary>
internal static class StartupNotice
{
    public static void Print(WebApplication app, GatewayOptions options, ProviderCatalog providers)
    {
        if (!providers.IsSimulated)
        {
            return;
        }

        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.ToArray() ?? [];
        var traffic = Reachable(addresses.ElementAtOrDefault(0) ?? options.TrafficUrl);
        var management = Reachable(addresses.ElementAtOrDefault(1) ?? options.ManagementUrl);
        Console.Out.Write($$"""

            Gateway listens on {{traffic}} (traffic) and {{management}} (management).
            No provider is configured: the built-in simulated provider answers, and this demo key is valid: {{GatewayKey.Demo}}

            Try:
              curl {{traffic}}/v1/chat/completions -H 'Authorization: Bearer {{GatewayKey.Demo}}' -H 'Content-Type: application/json' -d '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}'
              curl -N {{traffic}}/v1/messages -H 'x-api-key: {{GatewayKey.Demo}}' -H 'Content-Type: application/json' -d '{"model":"claude-sonnet-4-5","max_tokens":100,"stream":true,"messages":[{"role":"user","content":"Hello"}]}'
              curl {{management}}/admin/decisions


            """);
    }

    private static string Reachable(string address) => address
        .Replace("//*:", "//localhost:", StringComparison.Ordinal)
        .Replace("//+:", "//localhost:", StringComparison.Ordinal)
        .Replace("//[::]:", "//localhost:", StringComparison.Ordinal)
        .Replace("//0.0.0.0:", "//localhost:", StringComparison.Ordinal);
}
