namespace LoadClient;

/// <summary>What one round against one target gave. Times in milliseconds, CPU in microseconds a request.</summary>
internal sealed record RoundResult
{
    public required int Requests { get; init; }

    public required int Errors { get; init; }

    public required string? FirstError { get; init; }

    public required double PerSecond { get; init; }

    public required double CpuMicroseconds { get; init; }

    /// <summary>The share of it that went into compiling hot methods again, 0 to 1.</summary>
    public required double CompilerShare { get; init; }

    public required double P50 { get; init; }

    public required double P99 { get; init; }

    public required double FirstByteP50 { get; init; }

    public required double FirstByteP99 { get; init; }
}
