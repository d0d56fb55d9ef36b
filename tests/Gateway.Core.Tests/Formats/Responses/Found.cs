using System.Text.Json;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Tests.Formats.Responses;

/// <summary>A text with what it is, comparable between a sidecar and a reader.</summary>
internal readonly record struct Found(string Role, string Trust, string Text, bool Opaque, bool Binary)
{
    public static Found Of(Surface surface, Trust trust, SegmentFlags flags, string text) => new(
        Word(surface.ToString()),
        trust == Gateway.Core.Exchanges.Trust.ToolDefinition ? "tooldef" : Word(trust.ToString()),
        text,
        flags.HasFlag(SegmentFlags.Opaque),
        flags.HasFlag(SegmentFlags.Binary));

    public static Found Of(JsonElement line, string text) => new(
        line.GetProperty("role").GetString()!,
        line.GetProperty("trust").GetString()!,
        text,
        line.TryGetProperty("opaque", out _),
        line.TryGetProperty("binary", out _));

    public static Found[] Sorted(IEnumerable<Found> texts) => [.. texts.OrderBy(text => text.ToString(), StringComparer.Ordinal)];

    private static string Word(string name) =>
        string.Concat(name.Select((unit, at) => char.IsUpper(unit) ? (at > 0 ? "_" : "") + char.ToLowerInvariant(unit) : unit.ToString()));
}
