using System.Text.Unicode;

namespace Gateway.Core.Formats.Json;

/// <summary>Why a JSON text is refused. <paramref name="Position"/> is the byte at which that became certain.</summary>
internal sealed record JsonFault(string Reason, int Position);

/// <summary>
/// The strict JSON reader. It accepts only texts that every parser reads in the same way: RFC 8259 with valid UTF-8, no byte order mark, one
/// value, unique member names after unescaping, no lone surrogates, finite numbers, at most <see cref="MaxDepth"/> levels. Never throws,
/// linear in the length of the text.
/// </summary>
internal static class StrictJson
{
    /// <summary>Levels of nesting. The lowest limit among common parsers of model servers is about 200; .NET's own default is 64.</summary>
    public const int MaxDepth = 64;

    /// <summary>Members of one object.</summary>
    public const int MaxMembers = 100_000;

    /// <summary>Items of one array. Anthropic documents 100,000 messages in a request.</summary>
    public const int MaxItems = 100_000;

    /// <summary>Tokens of one text: bounds the tape to 16 MB whatever the body size.</summary>
    public const int MaxTokens = 1_000_000;

    /// <summary>Bytes of one number. Longer ones exist only to make parsers disagree or work hard.</summary>
    public const int MaxNumberLength = 512;

    /// <summary>Reads <paramref name="json"/>, which must be one object. Returns null and the tokens in <paramref name="tape"/>, or the fault.</summary>
    public static JsonFault? ReadObject(ReadOnlySpan<byte> json, JsonTape tape)
    {
        tape.Clear();
        var fault = CheckEncoding(json);
        if (fault is not null)
        {
            return fault;
        }

        var start = JsonParser.SkipSpace(json, 0);
        if (start == json.Length)
        {
            return new JsonFault(RequestFaultReasons.EmptyBody, start);
        }

        if (json[start] != '{')
        {
            var isValue = "\"[-0123456789tfn"u8.Contains(json[start]);
            return new JsonFault(isValue ? RequestFaultReasons.NotAnObject : RequestFaultReasons.NotJson, start);
        }

        return new JsonParser(json, tape, tolerant: false).Run();
    }

    /// <summary>
    /// Reads JSON that stands inside a string of a checked text. Repeated names and lone surrogates are tolerated, because a model wrote it and
    /// refusing would break conversations; on a fault the tape holds every token before it.
    /// </summary>
    public static JsonFault? ReadNested(ReadOnlySpan<byte> json, JsonTape tape)
    {
        tape.Clear();
        return new JsonParser(json, tape, tolerant: true).Run();
    }

    private static JsonFault? CheckEncoding(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            return new JsonFault(RequestFaultReasons.EmptyBody, 0);
        }

        if (json.StartsWith("\uFEFF"u8))
        {
            return new JsonFault(RequestFaultReasons.Bom, 0);
        }

        // Python's json detects UTF-16 and UTF-32 by zero bytes at the start, and those encodings of ASCII are valid UTF-8.
        var isWide = json.Length > 1 && (json[0] == 0 || json[1] == 0);
        return isWide || !Utf8.IsValid(json) ? new JsonFault(RequestFaultReasons.NotUtf8, 0) : null;
    }
}
