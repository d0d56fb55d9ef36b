using Gateway.Core.Policies;

namespace Gateway.Core.Telemetry;

#pragma warning disable CS1591 // see TelemetryWords
#pragma warning disable CS8524 // see TelemetryNames

/// <summary>From where a change reached this instance: its policies folder, its management API, or another instance.</summary>
public enum PolicyOrigin : byte { File, Api, Redis }

/// <summary>What happened to an override.</summary>
public enum OverrideChange : byte { Created, Expired, Removed }

/// <summary>What changed in the state of the policies.</summary>
public enum PolicyChange : byte
{
    Applied,
    Activated,
    FolderAgrees,
    OverrideCreated,
    OverrideRemoved,
    CanaryStarted,
    CanaryStopped,
    CanaryPromoted,
    Received,
}

/// <summary>The spelling of the closed values about changes of policies.</summary>
public static class PolicyTerms
{
    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(PolicyOrigin value) => value switch
    {
        PolicyOrigin.File => "file",
        PolicyOrigin.Api => "api",
        PolicyOrigin.Redis => "redis",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(OverrideChange value) => value switch
    {
        OverrideChange.Created => "created",
        OverrideChange.Expired => "expired",
        OverrideChange.Removed => "removed",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(PolicyChange value) => value switch
    {
        PolicyChange.Applied => "applied",
        PolicyChange.Activated => "activated",
        PolicyChange.FolderAgrees => "folder_agrees",
        PolicyChange.OverrideCreated => "override_created",
        PolicyChange.OverrideRemoved => "override_removed",
        PolicyChange.CanaryStarted => "canary_started",
        PolicyChange.CanaryStopped => "canary_stopped",
        PolicyChange.CanaryPromoted => "canary_promoted",
        PolicyChange.Received => "received",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(PolicyVariant value) => value switch
    {
        PolicyVariant.Incumbent => "incumbent",
        PolicyVariant.Candidate => "candidate",
    };
}
