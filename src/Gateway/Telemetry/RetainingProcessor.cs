using System.Diagnostics;
using Gateway.Core.Telemetry;
using OpenTelemetry;

namespace Gateway.Telemetry;

/// <summary>
/// Holds the ended spans of an exchange until its SERVER span ends, then passes all of them to the exporter or none. The spans hang on the
/// root span itself, so what is held is bounded by the exchanges in flight times <see cref="MaxSpansPerTrace"/> and goes with them.
/// The exporting processor stands before this one in the provider, which gives it its resource; it ignores a span that is not marked as
/// recorded, and this one marks a span when it hands it over, so nothing is exported twice.
/// </summary>
internal sealed class RetainingProcessor(TraceRetention retention, BaseProcessor<Activity> next, GatewayMetrics metrics) : BaseProcessor<Activity>
{
    private const int MaxSpansPerTrace = 64;
    private const string HeldProperty = "gateway.trace.held";

    public override void OnEnd(Activity data)
    {
        var root = TraceRetention.LocalRoot(data);
        if (!ReferenceEquals(root, data))
        {
            EndChild(root, data);
            return;
        }

        var held = Held(root);
        SpanHygiene.Scrub(root);
        var keep = retention.Decide(root) == true;
        Activity[] children;
        lock (held)
        {
            held.Closed = true;
            children = [.. held.Spans];
            held.Spans.Clear();
        }

        if (keep)
        {
            foreach (var child in children)
            {
                Pass(child);
            }

            Pass(root);
        }
    }

    private void EndChild(Activity root, Activity child)
    {
        var held = Held(root);
        lock (held)
        {
            if (!held.Closed)
            {
                if (held.Spans.Count < MaxSpansPerTrace)
                {
                    held.Spans.Add(child);
                }
                else
                {
                    metrics.TelemetryDropped(TelemetrySignal.Span, DropReason.QueueFull);
                }

                return;
            }
        }

        // Ended after its root, for instance a stream that was cancelled: the decision is made.
        if (retention.Decide(root) == true)
        {
            Pass(child);
        }
    }

    private void Pass(Activity activity)
    {
        activity.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
        next.OnEnd(activity);
    }

    private static HeldSpans Held(Activity root)
    {
        lock (root)
        {
            if (root.GetCustomProperty(HeldProperty) is HeldSpans held)
            {
                return held;
            }

            held = new HeldSpans();
            root.SetCustomProperty(HeldProperty, held);
            return held;
        }
    }

    private sealed class HeldSpans
    {
        public List<Activity> Spans { get; } = [];

        public bool Closed { get; set; }
    }
}
