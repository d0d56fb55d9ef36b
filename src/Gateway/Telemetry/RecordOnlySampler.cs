using OpenTelemetry.Trace;

namespace Gateway.Telemetry;

/// <summary>Builds every span and exports none: <see cref="TraceRetention"/> decides when the outcome is known. What the caller sampled does not matter.</summary>
internal sealed class RecordOnlySampler : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) => new(SamplingDecision.RecordOnly);
}
