using System.Globalization;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies.Documents;

/// <summary>A whole number in decimal digits, without sign, leading zeros, separators, exponent or quotes.</summary>
internal sealed class WholeShape(long least, long most) : IShape<long>
{
    public ShapeDescription Describe() => new WholeDescription(least, most);

    public bool TryRead(YamlNode node, DocumentErrors errors, out long value)
    {
        value = 0;
        if (node is not YamlScalar scalar || Kinds.IsEmpty(node))
        {
            Kinds.Report(node, errors, Range);
            return false;
        }

        if (scalar.IsPlain && IsDigits(scalar.Value)
            && long.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most)
        {
            return true;
        }

        var fix = !scalar.IsPlain ? "; remove the quotes"
            : IsDigits(scalar.Value) || scalar.Value.StartsWith('-') ? ""
            : "; write digits only";
        errors.Add(node.Place, $"must be {Range}, not {Shown.Text(scalar.Value)}{fix}");
        return false;
    }

    private string Range => string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}");

    private static bool IsDigits(string text) => text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 && (text[0] != '0' || text.Length == 1);
}
