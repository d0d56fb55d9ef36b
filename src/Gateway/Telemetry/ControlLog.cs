namespace Gateway.Telemetry;

/// <summary>Log events of the control store. Names files, never a document.</summary>
internal static partial class ControlLog
{
    [LoggerMessage(
        EventId = 4110, Level = LogLevel.Error,
        Message = "The control store {File} is damaged. It was moved to {Aside} and a new one begun: overrides and versions that stood only in it have to be made again")]
    public static partial void Replaced(ILogger logger, Exception damage, string file, string aside);
}
