using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Gateway.Core.Decisions;
using Gateway.Core.Formats;
using M = Gateway.Core.Telemetry.MetricCatalogue;

namespace Gateway.Core.Telemetry;

/// <summary>Measurements of the providers, and the GenAI histograms that a generic dashboard expects; those cost nothing while nobody exports them.</summary>
internal sealed class UpstreamMeasurements(Meter meter, LabelOverflow labels)
{
    private readonly Counter<long> _attempts = meter.Counter(M.UpstreamAttempts);
    private readonly Histogram<double> _firstChunk = meter.Histogram(M.UpstreamFirstChunk);
    private readonly Histogram<double> _genAiDuration = meter.Histogram(M.GenAiOperationDuration);
    private readonly Histogram<double> _genAiFirstChunk = meter.Histogram(M.GenAiTimeToFirstChunk);
    private readonly Histogram<double> _genAiTokens = meter.Histogram(M.GenAiTokenUsage);

    public void Attempt(string cluster, UpstreamResult result) =>
        _attempts.Add(1, M.UpstreamAttempts.Tag(0, labels.Cluster(cluster)), M.UpstreamAttempts.Tag(1, TelemetryTerms.Of(result)));

    public void FirstChunk(string cluster, string? model, TimeSpan elapsed)
    {
        var name = labels.Cluster(cluster);
        _firstChunk.Record(elapsed.TotalSeconds, M.UpstreamFirstChunk.Tag(0, name));
        if (_genAiFirstChunk.Enabled)
        {
            _genAiFirstChunk.Record(elapsed.TotalSeconds, GenAi(name, labels.Model(model)));
        }
    }

    public void Record(FormatId format, DecisionRecord record)
    {
        if (record.Attempts == 0 || !_genAiDuration.Enabled)
        {
            return;
        }

        var tags = GenAi(labels.Cluster(record.Provider), labels.Model(record.ModelSent));
        if (record.Usage is { } usage)
        {
            Tokens(usage.Input, TokenType.Input, tags);
            Tokens(usage.Output, TokenType.Output, tags);
        }

        if (ErrorType(record) is { } error)
        {
            tags.Add(M.GenAiOperationDuration.Tag(3, error));
        }

        _genAiDuration.Record((record.UpstreamMs ?? 0) / 1000, tags);
    }

    /// <summary>What failed at the provider, or null. Closed: an HTTP status, <c>timeout</c> or <c>_OTHER</c>.</summary>
    public static string? ErrorType(DecisionRecord record) => record switch
    {
        { UpstreamStatus: { } status and (>= 400 and < 600) } => status.ToString(CultureInfo.InvariantCulture),
        { Outcome: Outcome.UpstreamFailed, Reason: "timeout" } => "timeout",
        { Outcome: Outcome.UpstreamFailed } => "_OTHER",
        _ => null,
    };

    private void Tokens(long count, TokenType type, TagList tags)
    {
        tags.Add(M.GenAiTokenUsage.Tag(3, TelemetryTerms.Of(type)));
        _genAiTokens.Record(count, tags);
    }

    private static TagList GenAi(string provider, string model) => new()
    {
        M.GenAiOperationDuration.Tag(0, TraceOperations.Chat),
        M.GenAiOperationDuration.Tag(1, provider),
        M.GenAiOperationDuration.Tag(2, model),
    };
}
