using System.Globalization;
using System.Text.Json;
using Gateway.Core.Tenants;

namespace Gateway.Cli;

/// <summary>Prints keys, for people or for programs. Never the hash.</summary>
internal static class KeyList
{
    public static void Write(TextWriter output, IReadOnlyList<KeyEntry> keys, DateTimeOffset now, bool asJson)
    {
        if (asJson)
        {
            WriteJson(output, keys, now);
            return;
        }

        output.WriteLine($"{"ID",-12}  {"STATUS",-7}  {"TENANT",-20}  {"APPLICATION",-20}  {"CREATED",-20}  {"EXPIRES",-20}  NOTE");
        foreach (var key in keys)
        {
            output.WriteLine(
                $"{key.Id,-12}  {key.StatusAt(now),-7}  {key.Tenant,-20}  {key.Application ?? "-",-20}  {Time(key.CreatedAt),-20}  {Time(key.ExpiresAt),-20}  {key.Note}");
        }
    }

    private static void WriteJson(TextWriter output, IReadOnlyList<KeyEntry> keys, DateTimeOffset now)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach (var key in keys)
            {
                WriteJson(json, key, now);
            }

            json.WriteEndArray();
        }

        output.WriteLine(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static void WriteJson(Utf8JsonWriter json, KeyEntry key, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("id", key.Id);
        json.WriteString("status", key.StatusAt(now));
        json.WriteString("tenant", key.Tenant);
        json.WriteString("application", key.Application);
        json.WriteString("createdAt", Time(key.CreatedAt));
        json.WriteString("expiresAt", key.ExpiresAt is null ? null : Time(key.ExpiresAt));
        json.WriteString("revokedAt", key.RevokedAt is null ? null : Time(key.RevokedAt));
        json.WriteString("note", key.Note);
        json.WriteEndObject();
    }

    private static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";
}
