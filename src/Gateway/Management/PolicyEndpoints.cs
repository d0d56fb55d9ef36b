using Gateway.Core.Policies;
using Gateway.Storage;

namespace Gateway.Management;

/// <summary><c>/admin/policy</c>: which policies are in force, and what came of the last attempt to load them.</summary>
internal static class PolicyEndpoints
{
    public static void Map(IEndpointRouteBuilder admin) => admin.MapGet("/policy", Get);

    private static IResult Get(PolicyStore store) => Results.Json(
        new
        {
            store.Current?.Version,
            store.Current?.LoadedAt,
            Policies = (store.Current?.Policies ?? []).Select(policy => new
            {
                policy.Name,
                policy.Tenants,
                policy.Mode,
                policy.OnViolation,
                policy.RiskTier,
                policy.Source,
            }),
            LastLoad = store.LastLoad is not { } load ? null : new
            {
                load.At,
                load.Succeeded,
                Errors = load.Errors.Select(error => new { error.Source.File, error.Source.Line, error.Source.Column, error.Message }),
            },
        },
        ManagementJson.Options);
}
