using System.Buffers;
using System.Text.Json;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Gemini;

/// <summary>Where a stream is cut, and what its chunks repeat.</summary>
internal readonly record struct GeminiEndingPlace(StreamFraming Framing, StreamPosition Released, string Model, string Id);

/// <summary>Ends a Gemini stream that the gateway cuts.</summary>
internal static class GeminiStreamEnding
{
    /// <summary>
    /// One more chunk: an error, which every official SDK raises on, or a refusal in every candidate that the client has seen begin and not finish, or
    /// in the first one where it has seen none. An array is opened where the client has nothing of it yet, and closed.
    /// </summary>
    public static void Write(in CutNotice notice, in GeminiEndingPlace place, IBufferWriter<byte> output)
    {
        var isArray = place.Framing == StreamFraming.JsonArray;
        output.Write(!isArray ? "data: "u8 : place.Released.Started ? ",\r\n"u8 : "["u8);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            if (notice.Refusal)
            {
                WriteRefusal(json, notice.Error, place);
            }
            else
            {
                GeminiErrors.WriteErrorMember(json, notice.Error);
            }

            json.WriteEndObject();
        }

        output.Write(isArray ? "\n]"u8 : "\r\n\r\n"u8);
    }

    private static void WriteRefusal(Utf8JsonWriter json, in GatewayError error, in GeminiEndingPlace place)
    {
        json.WriteStartArray("candidates"u8);
        for (var candidate = 0; candidate < Math.Max(1, place.Released.Choices); candidate++)
        {
            var hasFinished = candidate < 31 && (place.Released.Blocks & (1 << candidate)) != 0;
            if (!hasFinished || place.Released.Choices <= 1)
            {
                GeminiErrors.WriteRefusedCandidate(json, error, candidate);
            }
        }

        json.WriteEndArray();
        GeminiErrors.WriteEnvelope(json, place.Model, place.Id);
    }
}
