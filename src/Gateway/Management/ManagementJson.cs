using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Management;

/// <summary>JSON of the management API: camelCase members, enums in lower snake case, absent values as null so that scripts find every member.</summary>
internal static class ManagementJson
{
    /// <summary>For every answer that is not a stored record.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };
}
