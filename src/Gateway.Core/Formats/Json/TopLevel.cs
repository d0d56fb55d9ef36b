using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Json;

/// <summary>
/// Finds and adds members of an object in the bytes of a body that the strict reader has accepted, so that nothing else of it changes. Positions are byte
/// offsets in the body.
/// </summary>
internal static class TopLevel
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value of the first of <paramref name="names"/> that the object at <paramref name="within"/> has; null: it has none.</summary>
    public static JsonValueSpot? Find(ReadOnlySpan<byte> body, ByteRange within, params ReadOnlySpan<string> names)
    {
        var reader = new Utf8JsonReader(body.Slice(within.Start, within.Length));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isWanted = false;
            foreach (var name in names)
            {
                isWanted |= reader.ValueTextEquals(name);
            }

            reader.Read();
            var (start, kind) = ((int)reader.TokenStartIndex, reader.TokenType);
            reader.Skip();
            if (isWanted)
            {
                return new JsonValueSpot(kind, new ByteRange(within.Start + start, (int)reader.BytesConsumed - start));
            }
        }

        return null;
    }

    /// <summary>The whole body, which is an object.</summary>
    public static ByteRange Whole(ReadOnlySpan<byte> body)
    {
        var start = body.IndexOf((byte)'{');
        return new ByteRange(start, body.LastIndexOf((byte)'}') + 1 - start);
    }

    /// <summary>Puts <paramref name="json"/> before the first member or item of the container at <paramref name="container"/>.</summary>
    public static BodyEdit Prepend(ReadOnlySpan<byte> body, ByteRange container, string json)
    {
        var inner = body.Slice(container.Start + 1, container.Length - 2);
        var isEmpty = inner.IndexOfAnyExcept(" \t\r\n"u8) < 0;
        return new BodyEdit(new ByteRange(container.Start + 1, 0), Encoding.UTF8.GetBytes(isEmpty ? json : json + ","));
    }

    /// <summary>Puts <paramref name="text"/> and an empty line before what the string at <paramref name="token"/> says.</summary>
    public static BodyEdit PrependText(ByteRange token, string text) =>
        new(new ByteRange(token.Start + 1, 0), Encoding.UTF8.GetBytes(Quoted(text + "\n\n")[1..^1]));

    /// <summary><paramref name="text"/> as a JSON string, quotes included.</summary>
    public static string Quoted(string text)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStringValue(text);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}

/// <summary>A value in a body.</summary>
/// <param name="Kind">Its first token.</param>
/// <param name="Range">Its bytes.</param>
internal readonly record struct JsonValueSpot(JsonTokenType Kind, ByteRange Range);
