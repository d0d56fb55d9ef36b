namespace Gateway.Policies;

/// <summary>Where the policies come from.</summary>
public sealed record PolicyReloaderOptions
{
    /// <summary>The policies folder.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// Whether the built-in policy applies while the folder has never been there. To be set only where nobody named a folder: where somebody
    /// did, a missing one is a mistake (a mount that failed), and the built-in policy would let traffic through that theirs may forbid.
    /// </summary>
    public bool BuiltInWhenMissing { get; init; }

    /// <summary>How often the folder is read to see whether it changed. A file system that reports changes is noticed sooner.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the folder must stay the same before a change is compiled, so that a half-written document is not taken for a whole one.</summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromMilliseconds(100);
}
