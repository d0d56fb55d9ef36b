using Gateway.Core.Policies;
using Gateway.Core.Tenants;
using Gateway.Storage;

namespace Gateway.Management;

/// <summary>Whether any policies are in force, and whether they are the ones on disk.</summary>
internal sealed class PolicyCheck(PolicyStore store) : IReadinessCheck
{
    public string Name => "policies";

    public ReadinessReport Check()
    {
        var failed = store.LastLoad is { Succeeded: false } load ? load : null;
        var errors = failed?.Errors.Select(error => error.ToString()).ToList();
        return (store.Current, failed) switch
        {
            (null, _) => new ReadinessReport(ReadinessState.NotReady, "No policies are loaded.", errors),
            ({ } current, not null) => new ReadinessReport(
                ReadinessState.Degraded, $"The policies on disk are broken; version {current.Version} stays in force.", errors),
            _ => ReadinessReport.Ready,
        };
    }
}

/// <summary>Whether the key file is the one in force.</summary>
internal sealed class KeyCheck(KeyRegistry keys) : IReadinessCheck
{
    public string Name => "keys";

    public ReadinessReport Check() => keys.LastLoad switch
    {
        null => new ReadinessReport(ReadinessState.NotReady, "The keys are not loaded yet."),
        { Error: { } error } => new ReadinessReport(ReadinessState.Degraded, $"{error} The last good keys stay in force."),
        _ => ReadinessReport.Ready,
    };
}

/// <summary>Whether decision records reach the disk.</summary>
internal sealed class StoreCheck(SqliteDecisionStore store) : IReadinessCheck
{
    public string Name => "decision_store";

    public ReadinessReport Check() => store.Status.Error is { } error
        ? new ReadinessReport(ReadinessState.NotReady, $"Decision records cannot be written: {error}")
        : ReadinessReport.Ready;
}

/// <summary>Whether there is room for more records. Above nine tenths the next burst would be dropped.</summary>
internal sealed class RecordQueueCheck(SqliteDecisionStore store) : IReadinessCheck
{
    public string Name => "records_queue";

    public ReadinessReport Check() => store.QueueLength * 10L > store.QueueCapacity * 9L
        ? new ReadinessReport(ReadinessState.NotReady, $"{store.QueueLength} of {store.QueueCapacity} places are taken; the disk is too slow.")
        : ReadinessReport.Ready;
}
