using System.Text.Json;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIChat;

/// <summary>Reads <c>usage</c>: cached tokens are part of the input, reasoning tokens part of the output, as the wire counts them.</summary>
internal static class OpenAIChatResponseUsage
{
    /// <summary>Reports the usage that <paramref name="reader"/> stands on. False where it states no tokens.</summary>
    public static bool Read(ref Utf8JsonReader reader, IResponseSink sink)
    {
        var found = JsonMembers.TryFind(reader, "prompt_tokens"u8, out var prompt);
        found |= JsonMembers.TryFind(reader, "completion_tokens"u8, out var completion);
        if (found)
        {
            sink.Usage(new TokenUsage(
                Count(in prompt),
                Count(in completion),
                CacheRead: Detail(reader, "prompt_tokens_details"u8, "cached_tokens"u8) ?? Member(reader, "prompt_cache_hit_tokens"u8) ?? 0,
                Reasoning: Detail(reader, "completion_tokens_details"u8, "reasoning_tokens"u8) ?? 0));
        }

        Texts(ref reader, sink);
        return found;
    }

    private static long? Detail(in Utf8JsonReader usage, ReadOnlySpan<byte> group, ReadOnlySpan<byte> name) =>
        JsonMembers.TryFind(usage, group, out var details) ? Member(details, name) : null;

    private static long? Member(in Utf8JsonReader start, ReadOnlySpan<byte> name) =>
        JsonMembers.TryFind(start, name, out var value) && JsonMembers.TryCount(in value, out var count) ? count : null;

    private static long Count(ref readonly Utf8JsonReader value) => JsonMembers.TryCount(in value, out var count) ? count : 0;

    // The names of the many counters are no text; a string below usage is.
    private static void Texts(ref Utf8JsonReader reader, IResponseSink sink)
    {
        var depth = reader.CurrentDepth;
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            StringLeaves.Walk(ref reader, sink, TextPlaces.Metadata, -1);
            return;
        }

        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                sink.Text(TextPlaces.Metadata, -1, JsonString.At(ref reader));
            }
        }
    }
}
