using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;

namespace Gateway.Storage;

/// <summary>
/// The JSON form of a decision record: camelCase members, absent when null, enums in the words of the telemetry labels. Text that is not ASCII is
/// escaped, so the bytes are harmless wherever they are shown.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    Converters =
    [
        typeof(SnakeCase<Outcome>), typeof(SnakeCase<Verdict>), typeof(SnakeCase<GuardId>), typeof(SnakeCase<Threat>), typeof(SnakeCase<PolicyAction>),
        typeof(SnakeCase<Severity>), typeof(SnakeCase<GuardMode>), typeof(SnakeCase<ViolationResponse>), typeof(SurfaceWord),
        typeof(SnakeCase<TrafficDirection>), typeof(SnakeCase<PolicyVariant>),
    ])]
[JsonSerializable(typeof(DecisionRecord))]
internal sealed partial class DecisionJson : JsonSerializerContext;

/// <summary>An enum in lower snake case; numbers are refused.</summary>
internal sealed class SnakeCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>A surface in the words of the telemetry label, where <see cref="Surface.Metadata"/> is called <c>envelope</c>.</summary>
internal sealed class SurfaceWord : JsonConverter<Surface>
{
    private const string Envelope = "envelope";

    private static readonly string[] Words = [.. Enum.GetValues<Surface>().Select(Of)];

    /// <summary>The word of <paramref name="surface"/>.</summary>
    public static string Of(Surface surface) =>
        surface == Surface.Metadata ? Envelope : JsonNamingPolicy.SnakeCaseLower.ConvertName(surface.ToString());

    public override Surface Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var index = Array.IndexOf(Words, reader.GetString());
        return index < 0 ? throw new JsonException("Not a surface.") : (Surface)index;
    }

    public override void Write(Utf8JsonWriter writer, Surface value, JsonSerializerOptions options) => writer.WriteStringValue(Words[(int)value]);
}
