using System.Text.Json;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Responses;

/// <summary>Reports every string below a JSON value that no table describes, names included.</summary>
internal static class StringLeaves
{
    /// <summary>Walks the value that <paramref name="reader"/> stands on and leaves the reader on its last token.</summary>
    public static void Walk(ref Utf8JsonReader reader, IResponseSink sink, in TextPlace place, int choice, ulong variant = 0)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                sink.Text(place, choice, JsonString.At(ref reader), variant);
                break;
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    Walk(ref reader, sink, place, choice, variant);
                }

                break;
            case JsonTokenType.StartObject:
                WalkMembers(ref reader, sink, place, choice, variant);
                break;
            default:
                break;
        }
    }

    /// <summary>A number that tells two names apart.</summary>
    public static ulong Hash(ReadOnlySpan<byte> name, ulong seed)
    {
        // FNV-1a: names are short, and a collision only merges two running texts.
        var hash = seed ^ 14695981039346656037;
        foreach (var octet in name)
        {
            hash = (hash ^ octet) * 1099511628211;
        }

        return hash;
    }

    private static void WalkMembers(ref Utf8JsonReader reader, IResponseSink sink, in TextPlace place, int choice, ulong variant)
    {
        var isBinary = place.Trust == Trust.ThirdParty && IsBase64(reader);
        var inside = isBinary ? place with { Flags = place.Flags | SegmentFlags.Binary } : place;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonString.At(ref reader);
            var next = place.Kind == TextKind.Other ? Hash(name.Raw, variant) : variant;
            var here = inside;
            reader.Read();
            if (place.Surface != Surface.ToolArguments && reader.TokenType == JsonTokenType.String && IsVocabulary(name))
            {
                here = TextPlaces.Metadata;
            }
            else if (place.Surface != Surface.ToolArguments && IsOpaque(name))
            {
                here = place with { Kind = TextKind.Whole, Flags = SegmentFlags.Opaque };
            }
            else
            {
                sink.Text(place with { Kind = TextKind.Whole, Flags = place.Flags | SegmentFlags.Key }, choice, name);
            }

            Walk(ref reader, sink, here, choice, next);
        }
    }

    private static bool IsVocabulary(JsonString name) => name.Is("type"u8) || name.Is("id"u8) || name.Is("file_id"u8) || name.Is("tool_use_id"u8);

    private static bool IsOpaque(JsonString name) => name.Raw.StartsWith("encrypted_"u8) || name.Is("signature"u8);

    private static bool IsBase64(in Utf8JsonReader reader) =>
        JsonMembers.TryFind(reader, "type"u8, out var at) && at.TokenType == JsonTokenType.String && at.ValueTextEquals("base64"u8);
}
