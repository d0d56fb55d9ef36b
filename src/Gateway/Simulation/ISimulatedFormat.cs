using System.Collections.Immutable;
using System.Text.Json;

namespace Gateway.Simulation;

/// <summary>One wire format of the simulated provider. Bytes only; who sends them, when and how broken is <see cref="SimulatedPlayer"/>'s.</summary>
internal interface ISimulatedFormat
{
    /// <summary>The name of the response header that carries the request's id.</summary>
    string RequestIdHeader { get; }

    /// <summary>The content type of a streamed answer.</summary>
    string StreamType => "text/event-stream; charset=utf-8";

    /// <summary>Reads a request; throws <see cref="SimulatedRefusalException"/> for what the provider would answer with 400.</summary>
    SimulatedRequest Read(JsonElement body, string hash);

    /// <summary>The whole answer.</summary>
    byte[] Whole(SimulatedRequest request, ImmutableArray<SimulatedAnswer> answers);

    /// <summary>The frames of the streamed answer, terminator included.</summary>
    ImmutableArray<byte[]> Frames(SimulatedRequest request, ImmutableArray<SimulatedAnswer> answers);

    /// <summary>An error body.</summary>
    byte[] Error(int status, string message, string hash);

    /// <summary>The frame with which the provider reports an error inside a stream.</summary>
    byte[] ErrorFrame(string hash);
}

/// <summary>A request that the simulated provider answers with 400. The message quotes no content beyond member names and mode words.</summary>
internal sealed class SimulatedRefusalException(string message) : Exception(message);
