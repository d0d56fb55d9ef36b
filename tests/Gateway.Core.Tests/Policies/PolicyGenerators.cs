using System.Globalization;
using CsCheck;

namespace Gateway.Core.Tests.Policies;

/// <summary>Random bodies of policy documents: few values from small sets, so that documents that extend each other meet often.</summary>
internal static class PolicyGenerators
{
    /// <summary>Paths to lock, singly and whole.</summary>
    public static readonly string[] Paths =
    [
        "\"*\"", "mode", "riskTier", "onError", "guardTimeoutMs", "models.allow", "limits", "limits.requests", "limits.concurrency", "limits.size", "limits.size.messages",
        "guards", "guards.content", "guards.content.a", "unseen", "unseen.audio", "unseen.providerTool", "tools.builtIn", "tools.builtIn.web_search", "unseen.mode",
    ];

    private static readonly Gen<string> Mode = OneOf("enforce", "enforce", "monitor", "off");
    private static readonly Gen<string> Setting = OneOf("deny", "deny", "annotate", "allow");
    private static readonly Gen<string> Term = OneOf("red", "blue", "green");
    private static readonly Gen<string> Surface = OneOf("user", "output", "document");

    private static readonly Gen<string> Rule = Gen.Select(
        OneOf("a", "b", "c"),
        Members(", ", ("match", OneOf("'red|blue'", "red")), ("terms", List(Term)), ("surfaces", List(Surface)), ("action", OneOf("block", "annotate"))),
        Members(", ", ("severity", OneOf("low", "high")), ("mode", Mode), ("ignoreCase", OneOf("true", "false"))),
        (id, what, how) => $"{{ {string.Join(", ", new[] { $"id: {id}", what, how }.Where(part => part.Length > 0))} }}");

    private static readonly Gen<string> Rules = Gen.OneOf(
        Rule.Array[1, 2].Select(rules => $"[ {string.Join(", ", rules)} ]"), Rule.Select(rule => $"{{ add: [ {rule} ] }}"), OneOf("{ remove: [b] }", "{ remove: [a] }"));

    private static readonly Gen<string> Own = Members(
        "\n", ("mode", Mode), ("onError", OneOf("block", "allow")), ("riskTier", Number(0, 3)), ("guardTimeoutMs", OneOf("10", "1000", "9000")));

    private static readonly Gen<string> Unseen = Section("unseen", ("audio", Setting), ("default", Setting), ("providerTool", Setting), ("mode", Mode));

    private static readonly Gen<string> Tools = Section("tools", ("builtIn", Setting.Select(setting => $"{{ web_search: {setting} }}")));

    /// <summary>The body of a child: any values, edits of lists and rules included.</summary>
    public static readonly Gen<string> Body = Gen.Select(
        Own,
        Section("models", ("allow", List(OneOf("gpt-4o*", "gpt-4o-mini", "gpt*", "o3", "\"*\"")))),
        Section("limits", ("concurrency", Number(1, 100)), ("requests", Number(1, 1000).Select(rate => $"{{ perMinute: {rate} }}")), ("size", Number(1, 100).Select(most => $"{{ messages: {most} }}"))),
        Section("guards", ("content", Rules), ("size", Mode.Select(InMapping)), ("model", Mode.Select(InMapping))),
        Unseen,
        Tools,
        (own, models, limits, guards, unseen, tools) => Lines(own, models, limits, guards, unseen, tools));

    /// <summary>The body of a whole document: models, limits, the rules a and b, and what else there may be.</summary>
    public static readonly Gen<string> Base = Gen.Select(
        Own, Unseen, Tools, Number(1, 100), OneOf("true", "false"), Term.Array[1, 2], (own, unseen, tools, limit, ignoreCase, terms) => Lines(
            own,
            unseen,
            tools,
            "models: { allow: [gpt-4o*, o3] }",
            $"limits: {{ concurrency: {limit}, requests: {{ perMinute: {limit}0 }}, size: {{ messages: {limit} }} }}",
            $"guards: {{ content: [ {{ id: a, match: 'red|blue', surfaces: [user, output], ignoreCase: {ignoreCase} }}, {{ id: b, terms: [{string.Join(", ", terms.Distinct())}], surfaces: [document] }} ] }}"));

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static Gen<string> Number(int least, int most) => Gen.Int[least, most].Select(number => number.ToString(CultureInfo.InvariantCulture));

    private static string InMapping(string mode) => $"{{ mode: {mode} }}";

    private static string Lines(params string[] lines) => string.Concat(lines.Where(line => line.Length > 0).Select(line => line + "\n"));

    private static Gen<string> List(Gen<string> item) => Gen.Select(
        OneOf("[{0}]", "[{0}]", "{{ add: [{0}] }}", "{{ remove: [{0}] }}"),
        item.Array[1, 2],
        (form, items) => string.Format(CultureInfo.InvariantCulture, form, string.Join(", ", items.Distinct())));

    private static Gen<string> Section(string name, params (string Key, Gen<string> Value)[] members) =>
        Members(", ", members).Select(text => text.Length == 0 ? "" : $"{name}: {{ {text} }}");

    // Each member is there in one case of four: documents that say everything rarely compile.
    private static Gen<string> Members(string separator, params (string Key, Gen<string> Value)[] members) => members.Aggregate(
        Gen.Const(""),
        (text, member) => Gen.Select(text, Gen.Int[0, 3], member.Value, (written, chance, value) =>
            chance > 0 ? written : written.Length == 0 ? $"{member.Key}: {value}" : $"{written}{separator}{member.Key}: {value}"));
}
