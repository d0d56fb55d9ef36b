namespace Gateway.Simulation;

/// <summary>Registers the simulated provider.</summary>
public static class SimulatedProviderServiceCollectionExtensions
{
    /// <summary>Adds <see cref="SimulatedProvider"/> as a singleton that starts and stops with the host. Needs a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddSimulatedProvider(this IServiceCollection services) => services
        .AddSingleton<SimulatedProvider>()
        .AddHostedService(provider => provider.GetRequiredService<SimulatedProvider>());
}
