using System.Buffers;
using System.Text.Json;

namespace Gateway.Core.Formats;

/// <summary>Writes frames as every client reads them: at most one <c>event</c> line, one <c>data</c> line, LF line ends.</summary>
internal static class SseFrameWriter
{
    /// <summary>Writes the members of a JSON object.</summary>
    public delegate void Members<TState>(Utf8JsonWriter json, TState state) where TState : allows ref struct;

    /// <summary>Writes a frame whose data is a JSON object; no event line where <paramref name="eventName"/> is empty.</summary>
    public static void Write<TState>(IBufferWriter<byte> output, ReadOnlySpan<byte> eventName, TState state, Members<TState> members)
        where TState : allows ref struct
    {
        if (!eventName.IsEmpty)
        {
            output.Write("event: "u8);
            output.Write(eventName);
            output.Write("\n"u8);
        }

        output.Write("data: "u8);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            members(json, state);
            json.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }
}
