using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies.Documents;

/// <summary>Words for the kinds of value, and the message when one stands where another is expected.</summary>
internal static class Kinds
{
    /// <summary>Reports that <paramref name="node"/> is not <paramref name="expected"/>.</summary>
    public static void Report(YamlNode node, DocumentErrors errors, string expected)
    {
        if (Name(node) is { } name)
        {
            errors.Add(node.Place, $"must be {expected}, not {name}");
        }
    }

    public static bool IsEmpty(YamlNode node) => node is YamlScalar { IsPlain: true, Value: "" };

    // Null: the value was refused when it was read, and reported then.
    private static string? Name(YamlNode node) => node switch
    {
        YamlSequence => "a list",
        YamlMapping => "a mapping",
        YamlScalar when IsEmpty(node) => "empty",
        YamlScalar scalar => Shown.Text(scalar.Value),
        _ => null,
    };
}
