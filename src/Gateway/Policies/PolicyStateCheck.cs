using Gateway.Management;
using Gateway.Storage;

namespace Gateway.Policies;

/// <summary>Whether what is in force is what the state says, whether changes can be made, and as a note whether the folder has drifted.</summary>
internal sealed class PolicyStateCheck(PolicyControl control, ControlDatabase database) : IReadinessCheck
{
    public string Name => "policy_state";

    public ReadinessReport Check()
    {
        if (control.Fault is { } fault)
        {
            return new ReadinessReport(ReadinessState.Degraded, fault, [.. control.FaultErrors.Select(error => error.ToString())]);
        }

        if (database.MovedAside is { } aside)
        {
            return new ReadinessReport(
                ReadinessState.Degraded, $"The control store was damaged and moved to {aside}; overrides and versions that stood only in it have to be made again.");
        }

        return control.Drift is { } drift
            ? new ReadinessReport(ReadinessState.Ready, "The policies folder is not what is in force.", [.. Differences(drift)])
            : ReadinessReport.Ready;
    }

    private static IEnumerable<string> Differences(PolicyDrift drift) =>
        drift.Added.Select(name => $"{name}: only in the folder")
            .Concat(drift.Removed.Select(name => $"{name}: only in force"))
            .Concat(drift.Changed.Select(name => $"{name}: different"));
}
