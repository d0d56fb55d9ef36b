using System.Text.Json;

namespace Gateway.Core.Formats.Responses;

/// <summary>Looks ahead in JSON objects, whose members may stand in any order.</summary>
internal static class JsonMembers
{
    /// <summary>
    /// Finds the first member <paramref name="name"/> of the object that <paramref name="start"/> stands at the beginning of; <paramref name="value"/>
    /// then stands on its value. The caller's reader does not move.
    /// </summary>
    public static bool TryFind(scoped in Utf8JsonReader start, scoped ReadOnlySpan<byte> name, out Utf8JsonReader value)
    {
        value = start;
        if (value.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (value.Read() && value.TokenType == JsonTokenType.PropertyName)
        {
            var found = value.ValueTextEquals(name);
            value.Read();
            if (found)
            {
                return true;
            }

            value.Skip();
        }

        return false;
    }

    /// <summary>The string member <paramref name="name"/> of the object; empty where there is none or it is no string.</summary>
    public static JsonString FindString(scoped in Utf8JsonReader start, scoped ReadOnlySpan<byte> name) =>
        TryFind(start, name, out var value) && value.TokenType == JsonTokenType.String ? JsonString.At(ref value) : default;

    /// <summary>The number that <paramref name="reader"/> stands on, where it is a whole one and not negative.</summary>
    public static bool TryCount(ref readonly Utf8JsonReader reader, out long count)
    {
        count = 0;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out count) && count >= 0;
    }
}
