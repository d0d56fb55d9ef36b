namespace Gateway.Storage;

/// <summary>How far a written record survives.</summary>
public enum StoreDurability : byte
{
    /// <summary>
    /// A record that is counted as written survives the end of the process, SIGKILL included; a power loss may take the last seconds.
    /// SQLite's <c>synchronous=NORMAL</c> in WAL mode.
    /// </summary>
    Normal,

    /// <summary>It survives a power loss too: every batch waits for the disk. SQLite's <c>synchronous=FULL</c>.</summary>
    Full,
}

/// <summary>Settings of the decision store.</summary>
public sealed record DecisionStoreOptions
{
    /// <summary>Folder of <c>decisions.db</c>; made if it is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>Records that may wait for the writer; one more is dropped and counted. About 2 KB of memory each.</summary>
    public int QueueCapacity { get; init; } = 50_000;

    /// <summary>Most records of one transaction.</summary>
    public int BatchSize { get; init; } = 500;

    /// <summary>How long the writer waits for more records before it commits a small batch.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How far a written record survives.</summary>
    public StoreDurability Durability { get; init; }

    /// <summary>Waits before the retries of a batch that failed; after the last its records count as failed.</summary>
    public IReadOnlyList<TimeSpan> RetryDelays { get; init; } = [TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)];

    /// <summary>How often a store that failed is tried while no records come.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Records older than this are deleted.</summary>
    public TimeSpan RetentionAge { get; init; } = TimeSpan.FromDays(90);

    /// <summary>The oldest records are deleted while the store holds more bytes than this. The file keeps its size and is filled again.</summary>
    public long RetentionBytes { get; init; } = 10L * 1024 * 1024 * 1024;

    /// <summary>How often retention looks.</summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromMinutes(1);
}
