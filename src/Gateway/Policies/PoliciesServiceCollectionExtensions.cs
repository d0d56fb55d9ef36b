using Gateway.Core.Policies;
using Gateway.Core.Policies.Versions;
using Gateway.Core.Telemetry;
using Gateway.Management;
using Gateway.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Policies;

/// <summary>Registers the policies: what is in force, what changes it, and the folder.</summary>
public static class PoliciesServiceCollectionExtensions
{
    /// <summary>Adds the policies of <paramref name="options"/>; every load and change is told to metrics and log.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Names the policies folder and the data folder.</param>
    /// <param name="builtInWhenMissing">Whether the embedded policy stands in for a folder that nobody named and that is not there.</param>
    public static IServiceCollection AddPolicies(this IServiceCollection services, GatewayOptions options, bool builtInWhenMissing)
    {
        services.AddSingleton<PolicyStore>();
        services.AddSingleton<PolicyLog>();
        services.AddSingleton(provider => new ControlDatabase(
            options.DataFolder, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ControlDatabase>>()));

        // A fleet puts a shared store in its place, with this one as the copy.
        services.TryAddSingleton<IControlStore>(provider => provider.GetRequiredService<ControlDatabase>());
        services.TryAddSingleton<ICanaryReviews, NoCanaryReviews>();
        services.AddSingleton<PolicyControl>();
        services.AddSingleton(provider => Reloader(provider, new PolicyReloaderOptions { Folder = options.PoliciesFolder, BuiltInWhenMissing = builtInWhenMissing }));
        services.AddSingleton<IReadinessCheck, PolicyStateCheck>();
        services.AddHostedService(provider => provider.GetRequiredService<PolicyReloader>());
        services.AddHostedService<OverrideExpiry>();
        services.AddHostedService<CanaryWatch>();
        return services;
    }

    private static PolicyReloader Reloader(IServiceProvider provider, PolicyReloaderOptions options)
    {
        var time = provider.GetRequiredService<TimeProvider>();
        var metrics = provider.GetRequiredService<GatewayMetrics>();
        var log = provider.GetRequiredService<GatewayLog>();
        var door = new FolderDoor(
            provider.GetRequiredService<PolicyControl>(), provider.GetRequiredService<ControlDatabase>(), options.BuiltInWhenMissing, time);
        return new PolicyReloader(
            options, provider.GetRequiredService<PolicyStore>(), door, time, (status, inForce) => Tell(status, inForce, metrics, log));
    }

    private static void Tell(PolicyLoadStatus status, PolicySnapshot? inForce, GatewayMetrics metrics, GatewayLog log)
    {
        if (status.Succeeded && inForce is not null)
        {
            log.PolicyLoaded(inForce.Policies.Length, inForce.Version);
        }
        else
        {
            metrics.PolicyRejected();
            log.PolicyRejected(status.Errors, inForce?.Version);
        }
    }
}
