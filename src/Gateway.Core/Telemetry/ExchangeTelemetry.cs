using System.Diagnostics;
using Gateway.Core.Decisions;
using Gateway.Core.Formats;

namespace Gateway.Core.Telemetry;

/// <summary>
/// Tells every signal how an exchange ended, from one record: span first (so that exemplars can see whether the trace is kept), then metrics,
/// then the log.
/// </summary>
public sealed class ExchangeTelemetry(GatewayMetrics metrics, GatewayLog log)
{
    /// <summary>Called exactly once for each exchange for which <see cref="GatewayMetrics.ExchangeStarted"/> was.</summary>
    /// <param name="server">The SERVER span, if there is one.</param>
    /// <param name="format">The format given at the start.</param>
    /// <param name="record">What happened.</param>
    public void Complete(Activity? server, FormatId format, DecisionRecord record)
    {
        GatewayTracing.CompleteServer(server, format, record);
        metrics.ExchangeCompleted(format, record);
        log.ExchangeCompleted(record);
    }
}
