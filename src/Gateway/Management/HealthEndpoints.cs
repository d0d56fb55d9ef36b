namespace Gateway.Management;

/// <summary>
/// <c>/healthz/live</c>: the process answers; a restart would help nothing else. <c>/healthz/ready</c>: 200 when traffic may come, 503 when it should not,
/// with every check's answer.
/// </summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder health)
    {
        health.MapGet("/live", () => Results.Json(new { Status = "live" }, ManagementJson.Options));
        health.MapGet("/ready", Ready);
    }

    private static IResult Ready(IEnumerable<IReadinessCheck> checks, HttpContext context)
    {
        var reports = checks.ToDictionary(check => check.Name, check => check.Check(), StringComparer.Ordinal);
        var worst = reports.Values.Select(report => report.State).DefaultIfEmpty().Max();
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(
            new { Status = worst, Checks = reports },
            ManagementJson.Options,
            statusCode: worst == ReadinessState.NotReady ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }
}
