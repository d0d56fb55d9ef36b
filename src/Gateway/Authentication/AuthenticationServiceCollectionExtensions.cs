using Gateway.Core.Tenants;

namespace Gateway.Authentication;

/// <summary>Registers the authentication of traffic.</summary>
public static class AuthenticationServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="TrafficAuthenticator"/>, <see cref="KeyRegistry"/> and the watch on the key file; needs a <see cref="TimeProvider"/>. Tokens are
    /// accepted when the section <see cref="JwtOptions.Section"/> exists.
    /// </summary>
    /// <param name="services">Where to add.</param>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="dataFolder">Folder of <c>keys.json</c>.</param>
    /// <param name="acceptDemoKey">True only while the simulated provider is the only one in use.</param>
    /// <exception cref="InvalidOperationException">The section is not usable: unknown, missing or contradicting settings, or a bad key file.</exception>
    public static IServiceCollection AddTrafficAuthentication(
        this IServiceCollection services, IConfiguration configuration, string dataFolder, bool acceptDemoKey)
    {
        var section = configuration.GetSection(JwtOptions.Section);
        var options = section.Exists() ? section.Get<JwtOptions>(binder => binder.ErrorOnUnknownConfiguration = true) : null;
        options?.Validate();

        services.AddSingleton(provider => new KeyFile(dataFolder, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new KeyRegistry(
            provider.GetRequiredService<KeyFile>(),
            acceptDemoKey,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<KeyRegistry>>()));
        services.AddSingleton(provider => new TrafficAuthenticator(
            provider.GetRequiredService<KeyRegistry>(),
            options is null ? null : new JwtAuthenticator(options, provider.GetRequiredService<TimeProvider>())));
        services.AddHostedService<KeyFileWatcher>();
        return services;
    }
}
