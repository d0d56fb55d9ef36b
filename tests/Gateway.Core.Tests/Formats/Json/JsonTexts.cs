using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;

namespace Gateway.Core.Tests.Formats.Json;

/// <summary>Random JSON texts with every freedom the grammar gives: space, escapes, number forms, and names that repeat.</summary>
internal static class JsonTexts
{
    private static readonly Gen<string> s_space = Gen.OneOf("", "", "", " ", "\n", " \t\r\n");

    private static readonly Gen<string> s_unit = Gen.Frequency(
        (6, Gen.Char['a', 'e'].Select(unit => unit.ToString())),
        (1, Gen.OneOf("é", "字", "😀", "/", "'", "ſ")),
        (1, Gen.OneOf("\\n", "\\\"", "\\\\", "\\/", "\\u0061", "\\u00e9", "\\ud83d\\ude00", "\\u0001")));

    private static readonly Gen<string> s_number = Gen.OneOf(
        Gen.Int.Select(value => value.ToString(CultureInfo.InvariantCulture)),
        Gen.OneOf("0", "-0", "1.5", "-1.25e10", "1E+2", "9007199254740993", "1e400", "123456789012345678901234567890"));

    /// <summary>A string with its quotes.</summary>
    public static Gen<string> String { get; } = s_unit.Array[0, 24].Select(units => "\"" + string.Concat(units) + "\"");

    /// <summary>A short name with its quotes; often the same, sometimes in disguise.</summary>
    public static Gen<string> Name { get; } = Gen.Frequency((4, String), (1, Gen.OneOf("\"a\"", "\"\\u0061\"", "\"b\"", "\"A\"")));

    /// <summary>Any value.</summary>
    public static Gen<string> Value { get; } = Gen.Recursive<string>((depth, inner) => depth >= 3
        ? Scalar()
        : Gen.Frequency((3, Scalar()), (1, ArrayOf(inner)), (1, ObjectOf(inner))));

    /// <summary>An object.</summary>
    public static Gen<string> Object { get; } = ObjectOf(Value);

    /// <summary>
    /// Whether System.Text.Json reads the text as one object without repeated names, can turn every string into UTF-16 and finds every number
    /// finite; the refusals that the strict reader adds are applied on top.
    /// </summary>
    public static bool IsUnambiguous(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 64 });
            return document.RootElement.ValueKind == JsonValueKind.Object && IsReadable(document.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsReadable(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().All(member => !member.Name.Contains('\0', StringComparison.Ordinal) && IsReadable(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().All(IsReadable),
        JsonValueKind.String => element.GetString() is not null,
        JsonValueKind.Number => double.IsFinite(element.GetDouble()),
        _ => true,
    };

    private static Gen<string> Scalar() => Gen.Frequency((4, String), (1, s_number), (1, Gen.OneOf("true", "false", "null")));

    private static Gen<string> ArrayOf(Gen<string> item) =>
        Gen.Select(s_space, item.Array[0, 4], (space, items) => "[" + space + string.Join(space + "," + space, items) + "]");

    private static Gen<string> ObjectOf(Gen<string> value) => Gen.Select(s_space, Members(value), (space, members) =>
        "{" + space + string.Join("," + space, members.Select(member => member.Item1 + space + ":" + space + member.Item2)) + space + "}");

    // Above 16 members names are hashed instead of compared.
    private static Gen<(string, string)[]> Members(Gen<string> value) =>
        Gen.Frequency((8, Gen.Select(Name, value).Array[0, 5]), (1, Gen.Select(String, Scalar()).Array[10, 24]));

    /// <summary>The text in UTF-8 with a few bytes changed, removed or added.</summary>
    public static Gen<byte[]> Damaged(Gen<string> texts) => Gen.Select(texts, Gen.Select(Gen.Int[0, 10_000], Gen.Byte, Gen.Int[0, 2]).Array[0, 3], (text, edits) =>
    {
        var bytes = Encoding.UTF8.GetBytes(text).ToList();
        foreach (var (position, value, kind) in edits)
        {
            var at = bytes.Count == 0 ? 0 : position % bytes.Count;
            if (kind == 0 || bytes.Count == 0)
            {
                bytes.Insert(at, value);
            }
            else if (kind == 1)
            {
                bytes[at] = value;
            }
            else
            {
                bytes.RemoveAt(at);
            }
        }

        return bytes.ToArray();
    });
}
