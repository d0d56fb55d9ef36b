namespace Gateway.Core.Formats;

/// <summary>How the pieces of a streamed answer are told apart.</summary>
public enum StreamFraming : byte
{
    /// <summary>Server-sent events.</summary>
    Events,

    /// <summary>The elements of one JSON array, each sent when it is ready.</summary>
    JsonArray,
}

/// <summary>What HTTP says of a framing.</summary>
public static class StreamFramingExtensions
{
    /// <summary>The media type of a stream.</summary>
    public static string MediaType(this StreamFraming framing) => framing == StreamFraming.JsonArray ? "application/json" : "text/event-stream";
}
