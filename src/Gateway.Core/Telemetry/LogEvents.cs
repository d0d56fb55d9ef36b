namespace Gateway.Core.Telemetry;

/// <summary>Ids of the gateway's log events. Stable: alerts and searches name them. A number is never used again for something else.</summary>
public static class LogEvents
{
#pragma warning disable CS1591 // the names say what they are
    public const int ExchangeCompleted = 1000;
    public const int ExchangeViolated = 1001;
    public const int Finding = 1002;
    public const int PolicyLoaded = 1100;
    public const int PolicyRejected = 1101;
    public const int PolicyError = 1102;
    public const int PolicyChanged = 1110;
    public const int OverrideExpired = 1111;
    public const int PolicyDrifted = 1112;
    public const int PolicyDriftEnded = 1113;
    public const int PolicySubstituted = 1114;
    public const int ControlStoreLost = 1115;
    public const int ControlStoreBack = 1116;
    public const int ControlStoreRestored = 1117;
    public const int CanaryRolledBack = 1118;
    public const int CanaryNotJudged = 1119;
    public const int Started = 1400;
    public const int Draining = 1401;
    public const int Stopped = 1402;
    public const int DrainTimedOut = 1403;
    public const int UpstreamAttemptFailed = 1500;
    public const int UpstreamHealthChanged = 1501;
    public const int GuardFailed = 1600;
    public const int ExchangeFaulted = 1700;
#pragma warning restore CS1591
}
