using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Gateway.Core.Policies.Effective;

/// <summary>Writes a diff for people or for programs.</summary>
public static class PolicyDiffText
{
    private const int MostSubjects = 20;

    /// <summary>One line for each change, below a line for each policy; policies and moves in which something loosens come first.</summary>
    public static IEnumerable<string> Lines(PolicyDiff diff)
    {
        foreach (var policy in diff.Policies.OrderBy(Worst))
        {
            yield return $"policy {policy.Policy}: {Word(policy.Kind)}";
            foreach (var line in policy.Kind == PolicyChangeKind.Changed ? Lines(policy.Settings) : [])
            {
                yield return line;
            }
        }

        foreach (var move in diff.Moves)
        {
            yield return $"{Word(move.Effect)}: {Subjects(move.Subjects)}: {move.From ?? "no policy (no traffic)"} -> {move.To ?? "no policy (no traffic)"}";
            foreach (var line in Lines(move.Settings))
            {
                yield return line;
            }
        }
    }

    /// <summary>The counts, in one line.</summary>
    public static string Summary(PolicyDiff diff) => diff.IsEmpty
        ? "The policies mean the same."
        : $"{diff.Count(ChangeEffect.Loosens)} loosen, {diff.Count(ChangeEffect.Unclear)} unclear, {diff.Count(ChangeEffect.Tightens)} tighten, "
            + $"{diff.Count(ChangeEffect.Neutral)} neutral; {diff.Policies.Count(policy => policy.Kind == PolicyChangeKind.Added)} policies added, "
            + $"{diff.Policies.Count(policy => policy.Kind == PolicyChangeKind.Removed)} removed.";

    /// <summary>Everything, as JSON.</summary>
    public static JsonObject Json(PolicyDiff diff) => new()
    {
        ["same"] = diff.IsEmpty,
        ["counts"] = new JsonObject([.. Enum.GetValues<ChangeEffect>().Select(effect => KeyValuePair.Create(Word(effect), (JsonNode?)diff.Count(effect)))]),
        ["policies"] = new JsonArray([.. diff.Policies.Select(policy =>
            new JsonObject { ["policy"] = policy.Policy, ["change"] = Word(policy.Kind), ["settings"] = Json(policy.Settings) })]),
        ["moves"] = new JsonArray([.. diff.Moves.Select(move => new JsonObject
        {
            ["subjects"] = new JsonArray([.. move.Subjects.Select(subject => (JsonNode)subject)]),
            ["from"] = move.From,
            ["to"] = move.To,
            ["effect"] = Word(move.Effect),
            ["settings"] = Json(move.Settings),
        })]),
    };

    private static IEnumerable<string> Lines(ImmutableArray<SettingChange> changes)
    {
        var parts = changes.Where(change => change.PartOf is not null).ToLookup(change => change.PartOf!);
        foreach (var change in changes.Where(change => change.PartOf is null))
        {
            yield return $"  {Word(change.Effect),-8}  {Shown.Bare(change.ToString(), LongestLine)}{Parts(change, parts[change.Path])}";
        }
    }

    // A rule that came or went is one change; what matters most of it stands behind.
    private static string Parts(SettingChange change, IEnumerable<SettingChange> parts)
    {
        if (change.Path == "mode")
        {
            return parts.Count() is > 0 and var count ? $" (and so do {count} guards and rules)" : "";
        }

        string[] telling = [".action", ".mode", ".surfaces"];
        var told = telling.Select(key => parts.FirstOrDefault(part => part.Path == change.Path + key)).OfType<SettingChange>().Select(part => part.New ?? part.Old).ToList();
        return told.Count > 0 ? $" ({string.Join("; ", told)})" : "";
    }

    private static JsonArray Json(ImmutableArray<SettingChange> changes) => new([.. changes.Select(change =>
    {
        var json = new JsonObject { ["path"] = change.Path, ["old"] = change.Old, ["new"] = change.New, ["effect"] = Word(change.Effect) };
        if (change.PartOf is { } owner)
        {
            json["partOf"] = owner;
        }

        return json;
    })]);

    private static string Subjects(ImmutableArray<string> subjects) => string.Join("; ", subjects.Take(MostSubjects))
        + (subjects.Length > MostSubjects ? $"; and {subjects.Length - MostSubjects} more" : "");

    private static ChangeEffect Worst(PolicyChange policy) =>
        policy.Settings.Where(change => change.PartOf is null).Select(change => change.Effect).DefaultIfEmpty(ChangeEffect.Neutral).Min();

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private const int LongestLine = 400;
}
