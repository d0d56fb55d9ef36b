using System.Globalization;
using System.Text;
using Gateway.Core.Detection.Patterns;

namespace Gateway.Core.Policies.Overrides;

/// <summary>
/// A pattern that finds a host, and hosts below it, wherever text names it: with any scheme or none, behind user names, before ports, in upper case, as
/// Unicode or Punycode, with full-width letters and dots, percent-encoded up to three times, with backslashes, with invisible characters
/// that browsers drop (WHATWG URL, section 4.4; UTS 46, section 4), with brackets around dots. Names that merely contain it
/// (<c>notevil.example</c>, <c>evil.example.com</c>) are others. A mention counts as pointing there: a reader follows it as well as a link.
/// </summary>
internal static class HostPattern
{
    // RFC 1035, section 2.3.4.
    private const int MostCharacters = 253;
    private const int MostOfLabel = 63;

    private const string Dropped = @"[\u00AD\u200B-\u200D\u2060\uFEFF\t\r\n]{0,2}";
    private const string Percent = "%(?:25){0,2}";

    // Of the bytes below 80, those that are no letter, digit or hyphen; those above begin or end a character that is none.
    private const string OtherByte = "(?:[01][0-9a-f]|2[0-9a-cef]|3[a-f]|40|5[b-f]|60|7[b-f]|[89a-f][0-9a-f])";
    private const string Before = @"(?:\A|[^a-z0-9\-]|" + Percent + OtherByte + @"|\\(?:[abfnrtv]|u00" + OtherByte + "))";
    private const string After = @"(?:\z|[^a-z0-9.\-\u3002\uFF0E\uFF61]|[.\u3002\uFF0E\uFF61](?:\z|[^a-z0-9\-]))";
    private const string Dot = @"[\[({]?(?:[.\u3002\uFF0E\uFF61]|" + Percent + @"(?:2e|e3%80%82|ef%bc%8e|ef%bd%a1))[\])}]?";

    private static readonly IdnMapping s_names = new() { UseStd3AsciiRules = true };

    /// <summary>The name in ASCII and lower case, without a trailing dot; null where it is none.</summary>
    public static string? Normalize(string host)
    {
        var name = host.EndsWith('.') ? host[..^1] : host;
        try
        {
            name = s_names.GetAscii(name.ToLowerInvariant());
        }
        catch (ArgumentException)
        {
            return null;
        }

        var labels = name.Split('.');
        return name.Length <= MostCharacters && labels.Length > 1 && Array.TrueForAll(labels, IsLabel) ? name : null;
    }

    /// <summary>The pattern of <paramref name="host"/>; null where it is no host name.</summary>
    public static Pattern? Create(string? host)
    {
        if (host is null || Normalize(host) is not { } name)
        {
            return null;
        }

        var unicode = Unicode(name);
        var names = unicode == name ? Spelled(name) : $"(?:{Spelled(name)}|{Spelled(unicode)})";
        return Pattern.TryParseAnyLength(Before + names + After, ignoreCase: true, out var pattern, out _) ? pattern : null;
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MostOfLabel && label[0] != '-' && label[^1] != '-' && label.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');

    private static string Unicode(string name)
    {
        try
        {
            return s_names.GetUnicode(name);
        }
        catch (ArgumentException)
        {
            // A label that only looks like Punycode.
            return name;
        }
    }

    private static string Spelled(string name)
    {
        var spelled = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            spelled.Append(spelled.Length > 0 ? Dropped : "").Append(rune.Value == '.' ? Dot : Spelled(rune));
        }

        return spelled.ToString();
    }

    private static string Spelled(Rune rune)
    {
        if (!rune.IsAscii)
        {
            return $"(?:{rune}|{Encoded(rune)})";
        }

        // A letter in upper case has another byte; digits and the hyphen have no other case.
        var bytes = $"(?:{rune.Value:x2}|{Rune.ToUpperInvariant(rune).Value:x2})";
        return $"(?:[{(rune.Value == '-' ? @"\-" : rune.ToString())}{FullWidth(rune)}]|{Percent}{bytes})";
    }

    private static string Encoded(Rune rune)
    {
        Span<byte> utf8 = stackalloc byte[4];
        var encoded = new StringBuilder();
        foreach (var unit in utf8[..rune.EncodeToUtf8(utf8)])
        {
            encoded.Append(CultureInfo.InvariantCulture, $"{Percent}{unit:x2}");
        }

        return encoded.ToString();
    }

    // U+FF01 to U+FF5E are the full-width forms of U+0021 to U+007E.
    private static char FullWidth(Rune rune) => (char)(rune.Value + 0xFEE0);
}
