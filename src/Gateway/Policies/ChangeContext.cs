using Gateway.Core.Policies.Versions;

namespace Gateway.Policies;

/// <summary>Who changes something, and why.</summary>
/// <param name="Author">The name of a management token, <c>folder</c> or <c>canary</c>.</param>
/// <param name="Reason">Why, in the author's words; goes into version, log and audit, never to clients.</param>
/// <param name="Source">By which door.</param>
public sealed record ChangeContext(string Author, string Reason, ChangeSource Source)
{
    /// <summary>Longest reason, in UTF-16 units.</summary>
    public const int MaxReason = 2_000;
}
