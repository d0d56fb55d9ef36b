using System.Text;

namespace Gateway.Core.Formats.Json;

/// <summary>
/// The path of a value in a JSON text, in the notation <c>$.messages[0].content</c>; names that are not identifiers stand as
/// <c>['$defs']</c>. Computed only when a finding or a refusal needs one.
/// </summary>
public static class JsonPath
{
    private const int MaxNameLength = 64;

    /// <summary>
    /// The path of the token that starts at byte <paramref name="tokenStart"/> of a text that the strict reader accepts; a member's name has
    /// the path of its value. <c>$</c> when there is no such token.
    /// </summary>
    public static string At(ReadOnlySpan<byte> json, int tokenStart) => At(json, [tokenStart])[0] ?? "$";

    /// <summary>The paths of several tokens, for one reading of the text; null for a negative start.</summary>
    public static string?[] At(ReadOnlySpan<byte> json, ReadOnlySpan<int> tokenStarts)
    {
        var paths = new string?[tokenStarts.Length];
        using var tape = new JsonTape();
        if (!tokenStarts.ContainsAnyInRange(0, int.MaxValue) || StrictJson.ReadObject(json, tape) is not null)
        {
            return paths;
        }

        var view = tape.View(json);
        for (var i = 0; i < paths.Length; i++)
        {
            paths[i] = tokenStarts[i] < 0 ? null : Find(view, tokenStarts[i]);
        }

        return paths;
    }

    private static string Find(JsonView view, int tokenStart)
    {
        for (int low = 0, high = view.Count - 1; low <= high;)
        {
            var middle = (low + high) / 2;
            var start = view[middle].Start;
            if (start == tokenStart)
            {
                return Of(view, middle);
            }

            (low, high) = start < tokenStart ? (middle + 1, high) : (low, middle - 1);
        }

        return "$";
    }

    /// <summary>The path of the token <paramref name="wanted"/>.</summary>
    internal static string Of(JsonView view, int wanted)
    {
        var path = new StringBuilder("$");
        var at = 0;
        while (at >= 0 && at != wanted)
        {
            at = view[at].Kind == JsonKind.Object ? IntoMember(view, at, wanted, path) : IntoItem(view, at, wanted, path);
        }

        return path.ToString();
    }

    /// <summary>A member name short enough for a message.</summary>
    internal static string Shorten(string name)
    {
        if (name.Length <= MaxNameLength)
        {
            return name;
        }

        var length = char.IsHighSurrogate(name[MaxNameLength - 1]) ? MaxNameLength - 1 : MaxNameLength;
        return string.Concat(name.AsSpan(0, length), "…");
    }

    private static int IntoMember(JsonView view, int container, int wanted, StringBuilder path)
    {
        for (var name = container + 1; name < view[container].Next; name = view[name + 1].Next)
        {
            if (wanted < view[name + 1].Next)
            {
                AppendName(path, Shorten(view.Text(name)!));
                return name == wanted ? wanted : name + 1;
            }
        }

        return -1;
    }

    private static int IntoItem(JsonView view, int container, int wanted, StringBuilder path)
    {
        var index = 0;
        for (var item = container + 1; item < view[container].Next; item = view[item].Next)
        {
            if (wanted < view[item].Next)
            {
                path.Append('[').Append(index).Append(']');
                return item;
            }

            index++;
        }

        return -1;
    }

    private static void AppendName(StringBuilder path, string name)
    {
        if (name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(unit => char.IsAsciiLetterOrDigit(unit) || unit == '_'))
        {
            path.Append('.').Append(name);
            return;
        }

        path.Append("['");
        foreach (var unit in name)
        {
            _ = unit switch
            {
                '\'' or '\\' => path.Append('\\').Append(unit),
                _ when char.IsControl(unit) => path.Append("\\u").Append(((int)unit).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)),
                _ => path.Append(unit),
            };
        }

        path.Append("']");
    }
}
