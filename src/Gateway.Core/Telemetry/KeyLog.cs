using Microsoft.Extensions.Logging;

namespace Gateway.Core.Telemetry;

/// <summary>Log events of the key registry. Names files and counts, never a key.</summary>
internal static partial class KeyLog
{
    [LoggerMessage(EventId = 4200, Level = LogLevel.Information, Message = "{Count} gateway keys loaded from {File}")]
    public static partial void Loaded(ILogger logger, int count, string file);

    [LoggerMessage(EventId = 4201, Level = LogLevel.Error, Message = "Gateway keys not loaded: {Error} The last good {Count} keys stay in force")]
    public static partial void Refused(ILogger logger, string error, int count);
}
