using Gateway.Core.Tenants;

namespace Gateway.Management;

/// <summary><c>/admin/keys</c>: the keys in force, without their hashes.</summary>
internal static class KeyEndpoints
{
    public static void Map(IEndpointRouteBuilder admin) => admin.MapGet("/keys", Get);

    private static IResult Get(KeyRegistry keys, TimeProvider time)
    {
        var now = time.GetUtcNow();
        return Results.Json(
            new
            {
                Items = keys.Keys.OrderBy(key => key.CreatedAt).ThenBy(key => key.Id, StringComparer.Ordinal).Select(key => new
                {
                    key.Id,
                    key.Tenant,
                    key.Application,
                    Status = key.StatusAt(now),
                    key.CreatedAt,
                    key.ExpiresAt,
                    key.RevokedAt,
                    key.Note,
                }),
                keys.LastLoad,
            },
            ManagementJson.Options);
    }
}
