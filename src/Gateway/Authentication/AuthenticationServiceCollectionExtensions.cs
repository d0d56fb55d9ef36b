using Gateway.Core.Tenants;
using Gateway.Proxy;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Authentication;

/// <summary>Registers the authentication of traffic.</summary>
public static class AuthenticationServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="TrafficAuthenticator"/>, <see cref="KeyRegistry"/> and the watch on the key file; needs a <see cref="TimeProvider"/>. Tokens are
    /// accepted when the section <see cref="JwtOptions.Section"/> exists.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="options">For the data folder.</param>
    /// <param name="acceptDemoKey">True only while the simulated provider is the only one in use.</param>
    /// <exception cref="OptionsException">The section is not usable: unknown, missing or contradicting settings, or a bad key file.</exception>
    public static WebApplicationBuilder AddTrafficAuthentication(this WebApplicationBuilder builder, GatewayOptions options, bool acceptDemoKey)
    {
        var (jwt, signingKeys) = ReadJwt(builder.Configuration);
        builder.Services.AddSingleton(provider => new KeyFile(options.DataFolder, provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(provider => new KeyRegistry(
            provider.GetRequiredService<KeyFile>(),
            acceptDemoKey,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<KeyRegistry>>()));
        builder.Services.AddSingleton(provider => new TrafficAuthenticator(
            provider.GetRequiredService<KeyRegistry>(),
            jwt is null ? null : new JwtAuthenticator(jwt, signingKeys, provider.GetRequiredService<TimeProvider>())));
        builder.Services.AddHostedService<KeyFileWatcher>();
        return builder;
    }

    private static (JwtOptions? Options, IReadOnlyList<SecurityKey>? Keys) ReadJwt(IConfiguration configuration)
    {
        var section = configuration.GetSection(JwtOptions.Section);
        if (!section.Exists())
        {
            return (null, null);
        }

        try
        {
            // A mistyped setting must not fall back to a default unseen.
            var options = section.Get<JwtOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new JwtOptions();
            options.Validate();
            return (options, options.SigningKeysFile is { } file ? JwtKeys.FromFile(file) : null);
        }
        catch (InvalidOperationException exception)
        {
            throw new OptionsException([exception.Message]);
        }
    }
}
