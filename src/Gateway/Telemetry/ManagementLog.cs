using System.Net;

namespace Gateway.Telemetry;

/// <summary>Log events of the management API.</summary>
internal static partial class ManagementLog
{
    [LoggerMessage(EventId = 4300, Level = LogLevel.Warning, Message = "Management call to {Path} from {Address} refused")]
    public static partial void Refused(ILogger logger, PathString path, IPAddress? address);

    [LoggerMessage(EventId = 4301, Level = LogLevel.Error, Message = "Management call to {Path} failed")]
    public static partial void Failed(ILogger logger, Exception exception, PathString path);
}
