using System.Text;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Merging;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Tests.Policies;

/// <summary>Documents that extend each other, for tests. Each is a file of the policy's name.</summary>
internal static class PolicyFamily
{
    public const string Tenant = "tenants: [acme]\n";

    public static PolicyFile[] Files(params (string Name, string Text)[] documents) =>
        [.. documents.Select(document => PolicyTestFiles.Document($"policy: {document.Name}\n{document.Text}", document.Name + ".yaml"))];

    public static PolicyCompilation Compile(params (string Name, string Text)[] documents) => PolicyTestFiles.Compile(Files(documents));

    public static TenantPolicy Policy(string name, params (string Name, string Text)[] documents)
    {
        var compilation = Compile(documents);
        return compilation.Snapshot?.Policies.Single(policy => policy.Name == name) ?? throw new InvalidOperationException(string.Join('\n', compilation.Errors));
    }

    public static string[] Errors(params (string Name, string Text)[] documents) => [.. Compile(documents).Errors.Select(error => error.ToString())];

    /// <summary>The effective tree of a policy in one line, without what belongs to its own document.</summary>
    public static string Effective(string name, params PolicyFile[] files)
    {
        var root = PolicyMerge.Merge(files).Single(policy => policy.Name == name).Root;
        return Text(new YamlMapping(root.Place, [.. root.Entries.Where(entry => !MergePlan.OwnKeys.Contains(entry.Key.Value))]));
    }

    /// <summary>A tree in one line, keys in their order.</summary>
    public static string Text(YamlNode node) => node switch
    {
        YamlScalar scalar => scalar.IsPlain ? scalar.Value : $"'{scalar.Value}'",
        YamlSequence list => $"[{string.Join(", ", list.Items.Select(Text))}]",
        YamlMapping mapping => mapping.Entries.Aggregate(
            new StringBuilder("{"), (text, entry) => text.Append(text.Length > 1 ? ", " : "").Append(entry.Key.Value).Append(": ").Append(Text(entry.Value))).Append('}').ToString(),
        _ => "?",
    };
}
