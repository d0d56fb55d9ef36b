using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Core.Policies.Overrides;

/// <summary>
/// The arguments of a tool call in every form in which a pattern could be meant: as they stand, without escapes, without white space between tokens,
/// and each string by itself. A model, or who steers it, chooses the spelling; a pattern must not miss one.
/// </summary>
internal static class ArgumentViews
{
    // JSON inside a string inside a string: each level of escapes is one round.
    private const int MostRounds = 3;

    private static readonly JsonWriterOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static List<string> Of(string arguments)
    {
        var views = new List<string> { arguments };
        for (var round = 0; round < MostRounds && Unescaped(views[^1]) is { } plainer; round++)
        {
            views.Add(plainer);
        }

        try
        {
            using var json = JsonDocument.Parse(arguments);
            views.Add(Compact(json.RootElement));
            AddStrings(json.RootElement, views);
        }
        catch (JsonException)
        {
            // Free text, or broken: the forms above are all there is.
        }

        return views;
    }

    private static string Compact(JsonElement value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, s_compact))
        {
            value.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void AddStrings(JsonElement value, List<string> views)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                views.Add(value.GetString()!);
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    AddStrings(item, views);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    views.Add(member.Name);
                    AddStrings(member.Value, views);
                }

                break;
            default:
                break;
        }
    }

    // Null: there is nothing to unescape.
    private static string? Unescaped(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return null;
        }

        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\' || at + 1 == text.Length)
            {
                plain.Append(text[at]);
                continue;
            }

            var letter = text[++at];
            if (letter == 'u' && at + 4 < text.Length && ushort.TryParse(text.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                plain.Append((char)unit);
                at += 4;
            }
            else
            {
                plain.Append(letter switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', _ => letter });
            }
        }

        return plain.ToString();
    }
}
