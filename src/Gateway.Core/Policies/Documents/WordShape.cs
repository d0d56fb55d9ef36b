using System.Diagnostics.CodeAnalysis;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies.Documents;

/// <summary>One of a closed list of words.</summary>
/// <param name="words">The words in the order in which messages list them.</param>
/// <param name="later">Words of the vocabulary that this version cannot act on; they are refused by name.</param>
internal sealed class WordShape<T>(IReadOnlyList<(string Word, T Value)> words, params string[] later) : IShape<T>
{
    public ShapeDescription Describe() => new WordDescription([.. words.Select(word => word.Word)]);

    public bool TryRead(YamlNode node, DocumentErrors errors, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is not YamlScalar scalar || Kinds.IsEmpty(node))
        {
            Kinds.Report(node, errors, $"one of {All}");
            return false;
        }

        foreach (var (word, meaning) in words)
        {
            if (word == scalar.Value)
            {
                value = meaning;
                return true;
            }
        }

        errors.Add(node.Place, later.Contains(scalar.Value)
            ? $"{Shown.Text(scalar.Value)} is not available in this version; use one of {All}"
            : $"must be one of {All}, not {Shown.Text(scalar.Value)}{Suggestion.Sentence(scalar.Value, words.Select(word => word.Word))}");
        return false;
    }

    /// <summary>The word for <paramref name="value"/>.</summary>
    public string Of(T value) => words.First(word => EqualityComparer<T>.Default.Equals(word.Value, value)).Word;

    private string All => string.Join(", ", words.Select(word => word.Word));
}

/// <summary><c>true</c> or <c>false</c>; the other spellings of YAML 1.1 are refused because half of all tools read them as text.</summary>
internal sealed class FlagShape : IShape<bool>
{
    public ShapeDescription Describe() => new FlagDescription();

    public bool TryRead(YamlNode node, DocumentErrors errors, out bool value)
    {
        value = node is YamlScalar { IsPlain: true, Value: "true" };
        if (value || node is YamlScalar { IsPlain: true, Value: "false" })
        {
            return true;
        }

        Kinds.Report(node, errors, node is YamlScalar { IsPlain: false } ? "true or false without quotes" : "true or false");
        return false;
    }
}
