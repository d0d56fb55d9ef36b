using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Versions;

namespace Gateway.Proxy;

/// <summary>What the middleware and the transforms of one request share.</summary>
internal sealed class ExchangeFeature(Exchange exchange, IWireFormat format, WireEndpoint endpoint)
{
    public Exchange Exchange { get; } = exchange;

    public IWireFormat Format { get; } = format;

    public WireEndpoint Endpoint { get; } = endpoint;

    /// <summary>The snapshot that governs the exchange; read once, at admission.</summary>
    public PolicySnapshot? Snapshot { get; set; }

    /// <summary>The canary that it is counted for; null: none ran at admission.</summary>
    public CanaryTrial? Trial { get; set; }

    /// <summary>The provider of the current attempt.</summary>
    public Provider? Provider { get; set; }

    /// <summary>The bytes sent upstream.</summary>
    public ReadOnlyMemory<byte> UpstreamBody { get; set; }

    /// <summary>Whether another attempt may follow, so that a failed answer need not go to the client.</summary>
    public bool MayRetry { get; set; }

    /// <summary>The transform asks for another attempt.</summary>
    public bool WantsRetry { get; set; }

    /// <summary>The transform has an error to send instead of the provider's answer.</summary>
    public GatewayError? Error { get; set; }

    /// <summary>The CLIENT span of the last attempt; completed with the record.</summary>
    public System.Diagnostics.Activity? InferenceSpan { get; set; }

    /// <summary>The stream that goes to the client, if there is one.</summary>
    public InspectedSseStream? Stream { get; set; }

    public static ExchangeFeature Of(HttpContext context) => context.Features.Get<ExchangeFeature>()
        ?? throw new InvalidOperationException("No exchange: the request did not pass the exchange middleware.");
}
