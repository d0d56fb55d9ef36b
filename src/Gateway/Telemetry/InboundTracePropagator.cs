using System.Diagnostics;

namespace Gateway.Telemetry;

/// <summary>
/// Takes a caller's trace context and sends none: a header that goes to a provider would tell it about call graphs and let it tie tenants
/// together. Baggage is neither read nor sent. <see cref="Fields"/> lists everything that must be taken off a forwarded request.
/// </summary>
internal sealed class InboundTracePropagator : DistributedContextPropagator
{
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    public override IReadOnlyCollection<string> Fields { get; } = [TraceParent, TraceState, "baggage", "Correlation-Context", "Request-Id"];

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
    }

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState)
    {
        traceId = null;
        traceState = null;
        getter?.Invoke(carrier, TraceParent, out traceId, out _);
        if (traceId is not null)
        {
            getter?.Invoke(carrier, TraceState, out traceState, out _);
        }
    }

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
