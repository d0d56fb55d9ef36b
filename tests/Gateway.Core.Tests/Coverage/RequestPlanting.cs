using System.Text;
using System.Text.Json.Nodes;
using Gateway.Core.Formats;
using Gateway.Core.Formats.Json;
using Gateway.Core.Tests.Formats.Responses;

namespace Gateway.Core.Tests.Coverage;

/// <summary>
/// Makes request bodies that hold the marker in one member. A body begins with nothing but that member; what the format requires beside it is put
/// in as the reader asks for it, so that the test needs to know nothing about the format.
/// </summary>
internal sealed class RequestPlanting(IWireFormat format)
{
    private const int MostTries = 400;

    private static readonly string[] Values = ["\"x\"", "{}", "[]", "1", "true"];
    private static readonly string[] Markers = [$"\"{FieldPaths.Marker}\"", $$"""{"any":["{{FieldPaths.Marker}}"]}""", $"[\"{FieldPaths.Marker}\"]"];

    private readonly string[] _tags = [.. Tags(format.Coverage.Request!, "type").Select(tag => tag.Replace("_*", "_20250101", StringComparison.Ordinal)).Prepend("text").Distinct()];

    /// <summary>The words that say whose message it is; null: none is put in.</summary>
    public IReadOnlyList<string?> Roles { get; } = [null, .. Tags(format.Coverage.Request!, "role").Distinct()];

    /// <summary>Completes <paramref name="body"/>, with messages of <paramref name="role"/>; gives it with what the readers and guards say of it.</summary>
    public async Task<(MarkerVerdict Verdict, string Body)> PlantAsync(JsonObject body, string? role)
    {
        if (role is not null)
        {
            GiveRole(body, role);
        }

        var filled = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var tries = 0; ; tries++)
        {
            var json = body.ToJsonString();
            var verdict = await MarkerJudge.RequestAsync(format, Encoding.UTF8.GetBytes(json), MarkerJudge.Open);
            if (verdict.Fate != Fate.Refused || tries == MostTries || !Amend(body, verdict, filled))
            {
                return (verdict, json);
            }
        }
    }

    private bool Amend(JsonObject body, MarkerVerdict verdict, Dictionary<string, int> filled)
    {
        var reason = verdict.Why!.Split(':')[0];
        if (reason == RequestFaultReasons.MissingField)
        {
            var member = verdict.Why.Split('\'')[1];
            return Put(body, $"{verdict.Param}.{member}", filled);
        }

        var isAnother = reason is RequestFaultReasons.WrongType or RequestFaultReasons.UnknownType or RequestFaultReasons.UnknownRole;
        return isAnother && verdict.Param is { } at && (filled.ContainsKey(at) || (reason == RequestFaultReasons.WrongType && IsMarker(body, at))) && Put(body, at, filled);
    }

    private bool Put(JsonObject body, string path, Dictionary<string, int> filled)
    {
        var planted = IsMarker(body, path);
        var values = planted ? Markers
            : path.EndsWith(".type", StringComparison.Ordinal) ? [.. _tags.Select(tag => $"\"{tag}\"")]
            : path.EndsWith(".role", StringComparison.Ordinal) ? ["\"user\"", "\"assistant\""] : Values;
        var next = filled.TryGetValue(path, out var last) ? last + 1 : planted ? 1 : 0;
        if (next >= values.Length)
        {
            return false;
        }

        filled[path] = next;
        Set(body, path, JsonNode.Parse(values[next])!);
        return true;
    }

    private static bool IsMarker(JsonObject body, string path) =>
        Steps(path).Aggregate((JsonNode?)body, Step) is { } at && at.ToJsonString().Contains(FieldPaths.Marker, StringComparison.Ordinal) && at is not JsonObject { Count: > 1 };

    private static void Set(JsonObject body, string path, JsonNode value)
    {
        var steps = Steps(path).ToArray();
        switch (steps[..^1].Aggregate((JsonNode?)body, Step), steps[^1])
        {
            case (JsonObject parent, string name):
                parent[name] = value;
                break;
            case (JsonArray parent, int index):
                parent[index] = value;
                break;
        }
    }

    private static JsonNode? Step(JsonNode? at, object step) => (at, step) switch
    {
        (JsonObject parent, string name) => parent[name],
        (JsonArray parent, int index) => parent[index],
        _ => null,
    };

    private static IEnumerable<object> Steps(string path) => path.Split('.', '[').Skip(1)
        .Select(step => step.EndsWith(']') ? (object)int.Parse(step[..^1], null) : step);

    private static void GiveRole(JsonNode node, string role)
    {
        foreach (var message in new[] { node["messages"], node["input"], node["contents"] }.OfType<JsonArray>().SelectMany(messages => messages.OfType<JsonObject>()))
        {
            if (!message.ContainsKey("type"))
            {
                message["role"] ??= role;
            }
        }
    }

    private static IEnumerable<string> Tags(Shape shape, string member)
    {
        IEnumerable<string> here = shape.Tags?.Member == member ? shape.Tags.Cases.Select(tag => tag.Name) : [];
        return here.Concat(Children(shape).SelectMany(child => Tags(child, member)));
    }

    private static IEnumerable<Shape> Children(Shape shape) =>
    [
        .. shape.Fields?.Fields.Select(field => field.Shape) ?? [],
        .. new[] { shape.Item, shape.OnString, shape.OnArray, shape.OnObject, shape.OnNumbers }.OfType<Shape>(),
        .. shape.Tags?.Cases.Select(tag => tag.Shape) ?? [],
    ];
}
