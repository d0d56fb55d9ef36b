namespace Gateway.Core.Decisions;

/// <summary>Takes decision records off the request path. Implementations never block and never throw; what they cannot take they count.</summary>
public interface IDecisionSink
{
    /// <summary>Hands over a record; it is written later. False: it was dropped, and counted.</summary>
    bool TryWrite(DecisionRecord record);
}

/// <summary>What to look for in the decision store. All members are optional and combined by AND.</summary>
public sealed record DecisionQuery
{
    /// <summary>Tenant, exactly.</summary>
    public string? Tenant { get; init; }

    /// <summary>Outcome.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>Not before.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only records older than the one with this id (for paging).</summary>
    public string? Before { get; init; }

    /// <summary>At most this many, newest first; 1 to 1000.</summary>
    public int Limit { get; init; } = 100;
}
