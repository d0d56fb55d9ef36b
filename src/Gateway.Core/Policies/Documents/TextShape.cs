using System.Diagnostics.CodeAnalysis;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies.Documents;

/// <summary>Text of 1 to <paramref name="most"/> UTF-16 units.</summary>
/// <param name="most">Longest text.</param>
/// <param name="refusal">A further check: what is wrong with the text, or null.</param>
/// <param name="pattern">For editors: a regular expression (ECMA-262) that every text which <paramref name="refusal"/> lets through matches.</param>
internal sealed class TextShape(int most, Func<string, string?>? refusal = null, string? pattern = null) : IShape<string>
{
    public ShapeDescription Describe() => new TextDescription(most, pattern);

    public bool TryRead(YamlNode node, DocumentErrors errors, [MaybeNullWhen(false)] out string value)
    {
        value = null;
        if (node is not YamlScalar scalar || Kinds.IsEmpty(node))
        {
            Kinds.Report(node, errors, "text");
            return false;
        }

        if (Problem(scalar) is { } problem)
        {
            errors.Add(node.Place, problem);
            return false;
        }

        value = scalar.Value;
        return true;
    }

    private string? Problem(YamlScalar scalar)
    {
        var text = scalar.Value;
        if (text.Length == 0)
        {
            return "must not be empty";
        }

        if (text.Length > most)
        {
            return $"has {text.Length} characters; at most {most} are allowed";
        }

        if (scalar.IsPlain && PlainScalars.OtherReading(text) is { } other)
        {
            return $"must be text, but {Shown.Bare(text)} can be read as {other}; write it in quotes: \"{Shown.Bare(text)}\"";
        }

        return HasLoneSurrogate(text) ? "contains half of a surrogate pair; write the whole character" : refusal?.Invoke(text);
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
            {
                index++;
            }
            else if (char.IsSurrogate(text[index]))
            {
                return true;
            }
        }

        return false;
    }
}
