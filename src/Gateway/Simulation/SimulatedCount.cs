using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Simulation;

/// <summary>Anthropic's token count as the simulated provider speaks it: what a Messages request with the same prompt would report as its input.</summary>
internal sealed class SimulatedCount : ISimulatedFormat
{
    private readonly SimulatedMessages _messages = new();

    /// <inheritdoc/>
    public string RequestIdHeader => _messages.RequestIdHeader;

    /// <inheritdoc/>
    public SimulatedRequest Read(JsonElement body, string hash) => SimulatedMessages.ReadPrompt(body, hash);

    /// <inheritdoc/>
    public byte[] Whole(SimulatedRequest request, ImmutableArray<SimulatedAnswer> answers) =>
        SimulatedJson.Bytes(new JsonObject { ["input_tokens"] = SimulatedScript.InputTokens(request) });

    /// <summary>The format has no streams.</summary>
    public ImmutableArray<byte[]> Frames(SimulatedRequest request, ImmutableArray<SimulatedAnswer> answers) => [];

    /// <inheritdoc/>
    public byte[] Error(int status, string message, string hash) => _messages.Error(status, message, hash);

    /// <inheritdoc/>
    public byte[] ErrorFrame(string hash) => [];
}
