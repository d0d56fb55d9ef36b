namespace Gateway.Telemetry;

/// <summary>Log events of the decision store. Names files and counts, never a record.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(EventId = 4100, Level = LogLevel.Error, Message = "The decision store {File} is damaged. It was moved to {Aside} and a new one begun")]
    public static partial void Replaced(ILogger logger, Exception damage, string file, string aside);

    [LoggerMessage(EventId = 4101, Level = LogLevel.Error, Message = "The decision store {File} is damaged and could not be moved aside")]
    public static partial void NotReplaced(ILogger logger, Exception exception, string file);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Error, Message = "{Count} decision records could not be written")]
    public static partial void BatchFailed(ILogger logger, Exception exception, int count);

    [LoggerMessage(EventId = 4103, Level = LogLevel.Error, Message = "The decision store stopped with {Count} records not written")]
    public static partial void NotDrained(ILogger logger, int count);

    [LoggerMessage(EventId = 4104, Level = LogLevel.Warning, Message = "The decision store was closed without emptying its log")]
    public static partial void NotCheckpointed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 4105, Level = LogLevel.Information, Message = "{Count} decision records deleted by retention ({Reason})")]
    public static partial void Deleted(ILogger logger, long count, string reason);

    [LoggerMessage(EventId = 4106, Level = LogLevel.Warning, Message = "Retention of decision records failed; it is tried again at the next interval")]
    public static partial void RetentionFailed(ILogger logger, Exception exception);
}
