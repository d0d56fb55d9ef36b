namespace Gateway.Management;

/// <summary>What a check found.</summary>
public enum ReadinessState : byte
{
    /// <summary>As it should be.</summary>
    Ready,

    /// <summary>Traffic is served rightly, and someone should look.</summary>
    Degraded,

    /// <summary>Traffic should go elsewhere.</summary>
    NotReady,
}

/// <summary>One check's answer.</summary>
/// <param name="State">What it found.</param>
/// <param name="Detail">One sentence for an operator; null when ready.</param>
/// <param name="Errors">Single mistakes, if there are several.</param>
public sealed record ReadinessReport(ReadinessState State, string? Detail = null, IReadOnlyList<string>? Errors = null)
{
    /// <summary>As it should be.</summary>
    public static ReadinessReport Ready { get; } = new(ReadinessState.Ready);
}

/// <summary>Something readiness depends on. Register one as a service to have it asked; it answers from memory, at once, and does not throw.</summary>
public interface IReadinessCheck
{
    /// <summary>Stable name, lower snake case.</summary>
    string Name { get; }

    /// <summary>The state now.</summary>
    ReadinessReport Check();
}
