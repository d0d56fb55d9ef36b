using System.Text.Json;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>Reads <c>usage</c>: cached tokens are part of the input, reasoning tokens part of the output, as the wire counts them.</summary>
internal static class OpenAIResponsesUsage
{
    /// <summary>Reports the usage that <paramref name="reader"/> stands on, and the strings below it.</summary>
    public static void Read(ref Utf8JsonReader reader, IResponseSink sink)
    {
        if (Member(reader, "input_tokens"u8) is { } input && Member(reader, "output_tokens"u8) is { } output)
        {
            sink.Usage(new TokenUsage(
                input,
                output,
                CacheRead: Detail(reader, "input_tokens_details"u8, "cached_tokens"u8),
                CacheWrite: Detail(reader, "input_tokens_details"u8, "cache_write_tokens"u8),
                Reasoning: Detail(reader, "output_tokens_details"u8, "reasoning_tokens"u8)));
        }

        var depth = reader.CurrentDepth;
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            StringLeaves.Walk(ref reader, sink, TextPlaces.Metadata, -1);
            return;
        }

        // The names of the many counters are no text; a string below usage is.
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                sink.Text(TextPlaces.Metadata, -1, JsonString.At(ref reader));
            }
        }
    }

    private static long Detail(in Utf8JsonReader usage, ReadOnlySpan<byte> group, ReadOnlySpan<byte> name) =>
        JsonMembers.TryFind(usage, group, out var details) ? Member(details, name) ?? 0 : 0;

    private static long? Member(in Utf8JsonReader start, ReadOnlySpan<byte> name) =>
        JsonMembers.TryFind(start, name, out var value) && JsonMembers.TryCount(in value, out var count) ? count : null;
}
