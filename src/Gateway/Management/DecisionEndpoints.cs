using System.Text.Json;
using Gateway.Storage;

namespace Gateway.Management;

/// <summary><c>/admin/decisions</c>: decision records by filter, newest first, and by id.</summary>
internal static class DecisionEndpoints
{
    public static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/decisions", QueryAsync);
        admin.MapGet("/decisions/{id}", FindAsync);
    }

    private static async Task<IResult> QueryAsync(HttpContext context, DecisionReader decisions)
    {
        var reader = new DecisionQueryReader();
        if (reader.Read(context.Request.Query) is not { } query)
        {
            return Problems.BadQuery(reader.Errors);
        }

        var page = await decisions.QueryAsync(query, context.RequestAborted);
        return Results.Stream(stream => WriteAsync(page, stream), "application/json");
    }

    private static async Task<IResult> FindAsync(string id, HttpContext context, DecisionReader decisions)
    {
        var json = Guid.TryParseExact(id, "D", out var parsed) ? await decisions.FindAsync(parsed, context.RequestAborted) : null;
        return json is null
            ? Problems.NotFound("There is no decision with this id. It may have passed its retention time, or not be written yet.")
            : Results.Bytes(json, "application/json");
    }

    /// <summary>Records are stored as JSON, so they go out as they are.</summary>
    private static async Task WriteAsync(DecisionPage page, Stream stream)
    {
        await using var writer = new Utf8JsonWriter(stream);
        writer.WriteStartObject();
        writer.WriteStartArray("items");
        foreach (var item in page.Items)
        {
            writer.WriteRawValue(item);
        }

        writer.WriteEndArray();
        writer.WriteString("next", page.Next);
        writer.WriteEndObject();
        await writer.FlushAsync();
    }
}
