namespace Gateway.Management;

internal static class Stub
{
    public static void AddGatewayManagement(this WebApplicationBuilder builder, GatewayOptions options) => _ = options;

    public static void MapGatewayManagement(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/healthz/ready", () => "ok");
}
