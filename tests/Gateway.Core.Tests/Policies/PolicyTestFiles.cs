using System.Text;
using Gateway.Core.Policies;

namespace Gateway.Core.Tests.Policies;

/// <summary>Documents for tests, written as text.</summary>
internal static class PolicyTestFiles
{
    public const string Minimal = "policy: p\ntenants: [acme]\nmodels: { allow: [gpt-4o*] }\n";

    public static PolicyFile Document(string text, string name = "p.yaml") => new(name, Encoding.UTF8.GetBytes(text));

    public static PolicyCompilation Compile(params PolicyFile[] files) => PolicyCompiler.Compile(files, DateTimeOffset.UnixEpoch);

    public static PolicyCompilation Compile(string text) => Compile(Document(text));

    /// <summary>The only policy of a document that must be good.</summary>
    public static TenantPolicy Policy(string text)
    {
        var compilation = Compile(text);
        return compilation.Snapshot?.Policies.Single() ?? throw new InvalidOperationException(string.Join('\n', compilation.Errors));
    }

    /// <summary>A minimal policy with content rules, each written as a flow mapping.</summary>
    public static string WithRules(params string[] rules) => Minimal + "guards:\n  content:\n" + string.Concat(rules.Select(rule => $"    - {rule}\n"));
}
