using Gateway.Core.Policies;
using Gateway.Core.Telemetry;

namespace Gateway.Policies;

/// <summary>Registers the policy store and what keeps it in step with the folder.</summary>
public static class PoliciesServiceCollectionExtensions
{
    /// <summary>Adds the policies of <paramref name="options"/>; every load is told to metrics and log.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Names the folder.</param>
    /// <param name="builtInWhenMissing">Whether the embedded policy stands in for a folder that nobody named and that is not there.</param>
    public static IServiceCollection AddPolicies(this IServiceCollection services, GatewayOptions options, bool builtInWhenMissing)
    {
        services.AddSingleton<PolicyStore>();
        services.AddSingleton(provider => new PolicyReloader(
            new PolicyReloaderOptions { Folder = options.PoliciesFolder, BuiltInWhenMissing = builtInWhenMissing },
            provider.GetRequiredService<PolicyStore>(),
            provider.GetRequiredService<TimeProvider>(),
            (status, inForce) => Tell(status, inForce, provider.GetRequiredService<GatewayMetrics>(), provider.GetRequiredService<GatewayLog>())));
        services.AddHostedService(provider => provider.GetRequiredService<PolicyReloader>());
        return services;
    }

    private static void Tell(PolicyLoadStatus status, PolicySnapshot? inForce, GatewayMetrics metrics, GatewayLog log)
    {
        if (status.Succeeded && inForce is not null)
        {
            metrics.PolicyLoaded(inForce);
            log.PolicyLoaded(inForce.Policies.Length, inForce.Version);
        }
        else
        {
            metrics.PolicyRejected();
            log.PolicyRejected(status.Errors, inForce?.Version);
        }
    }
}
