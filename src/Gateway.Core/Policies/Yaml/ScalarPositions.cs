using YamlDotNet.Core;

namespace Gateway.Core.Policies.Yaml;

/// <summary>
/// Finds the line and column at which a character of a scalar's value was written, through quotes, escapes, folded lines and block indentation,
/// so that a mistake inside a pattern is pointed at where the author sees it. The scalar is decoded a second time with positions; where that
/// does not give the parser's own value (an exotic block header), the place of the whole scalar is returned.
/// </summary>
internal static class ScalarPositions
{
    /// <summary>The place of character <paramref name="index"/> of the value; the value's length means just behind its last character.</summary>
    public static YamlPlace Of(YamlScalar scalar, int index)
    {
        var decoder = new ScalarDecoder(scalar.Text, scalar.Start, scalar.Style, scalar.Value.Length);
        if (!decoder.TryDecode(out var decoded, out var positions) || decoded != scalar.Value)
        {
            return scalar.Place;
        }

        var (line, column) = (scalar.Place.Line, scalar.Place.Column);
        var target = positions[Math.Clamp(index, 0, scalar.Value.Length)];
        for (var at = scalar.Start; at < target; at++)
        {
            (line, column) = scalar.Text[at] == '\n' ? (line + 1, 1) : (line, column + 1);
        }

        return scalar.Place.At(line, column);
    }
}
