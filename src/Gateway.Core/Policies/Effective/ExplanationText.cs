using System.Text.Json.Nodes;

namespace Gateway.Core.Policies.Effective;

/// <summary>Writes an explanation for people or for programs.</summary>
public static class ExplanationText
{
    private const int WidestPath = 100;
    private const int WidestValue = 60;

    /// <summary>One line for each setting: path, value, source, aligned. Long texts are cut; nothing in them can end a line or drive a terminal.</summary>
    public static IEnumerable<string> Lines(PolicyExplanation explanation)
    {
        var rows = explanation.Settings
            .Select(setting => (Path: Shown.Bare(setting.Path, WidestPath), Value: Shown.Bare(setting.Value, WidestValue), Source: setting.Source.ToString()))
            .Prepend((Path: "SETTING", Value: "VALUE", Source: "SOURCE"))
            .ToList();
        var path = rows.Max(row => row.Path.Length);
        var value = rows.Max(row => row.Value.Length);
        return rows.Select(row => $"{row.Path.PadRight(path)}  {row.Value.PadRight(value)}  {row.Source}");
    }

    /// <summary>Everything, as JSON: <c>{policy, source, version, revision, model, settings: [{path, value, source}]}</c>.</summary>
    public static JsonObject Json(PolicyExplanation explanation) => new()
    {
        ["policy"] = explanation.Policy,
        ["source"] = Json(SettingSource.Document(explanation.Source)),
        ["version"] = explanation.Version,
        ["revision"] = explanation.Revision,
        ["model"] = explanation.Model is { } model
            ? new JsonObject { ["asked"] = model.Asked, ["sent"] = model.Sent, ["allowed"] = model.AllowedBy is not null, ["by"] = model.AllowedBy }
            : null,
        ["settings"] = new JsonArray([.. explanation.Settings.Select(setting =>
            new JsonObject { ["path"] = setting.Path, ["value"] = setting.Value, ["source"] = Json(setting.Source) })]),
    };

    private static JsonObject Json(SettingSource source) => source.Kind switch
    {
        SettingSourceKind.Document => new JsonObject
        {
            ["kind"] = "document",
            ["file"] = source.Place.File,
            ["line"] = source.Place.Line,
            ["column"] = source.Place.Column,
        },
        SettingSourceKind.Override => new JsonObject { ["kind"] = "override", ["id"] = source.OverrideId },
        _ => new JsonObject { ["kind"] = "default" },
    };
}
