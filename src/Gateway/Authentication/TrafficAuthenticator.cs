using Gateway.Core.Tenants;

namespace Gateway.Authentication;

internal sealed class TrafficAuthenticator(KeyRegistry registry)
{
    public ValueTask<AuthenticationResult> AuthenticateAsync(HttpContext context)
    {
        registry.Reload();
        var bearer = context.Request.Headers.Authorization.ToString();
        var key = bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? bearer[7..] : context.Request.Headers["x-api-key"].ToString();
        return ValueTask.FromResult(registry.Authenticate(key));
    }
}

internal static class AuthStub
{
    public static void AddTrafficAuthentication(this WebApplicationBuilder builder, GatewayOptions options, bool demo)
    {
        builder.Services.AddSingleton(p => new KeyRegistry(new KeyFile(options.DataFolder, TimeProvider.System), demo, TimeProvider.System, p.GetRequiredService<ILogger<KeyRegistry>>()));
        builder.Services.AddSingleton<TrafficAuthenticator>();
    }
}
