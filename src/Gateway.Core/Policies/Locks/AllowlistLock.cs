using Gateway.Core.Guards;

namespace Gateway.Core.Policies.Locks;

/// <summary>
/// The list of models: every entry of the child must be covered by one of the parent. Aliases and fallbacks need no lock, since what they lead to must be
/// on the list.
/// </summary>
internal sealed class AllowlistLock : ILock
{
    public IEnumerable<Loosened> Compare(CompiledPolicy parent, CompiledPolicy child)
    {
        // A parent that names no models leaves them to its children.
        var allowed = parent.Policy.Models.Allow;
        if (allowed.IsEmpty)
        {
            return [];
        }

        return (child.Draft.Models?.Value.Allow?.Value ?? [])
            .Where(entry => !allowed.Any(pattern => Covers(pattern, entry.Value)))
            .Select(entry => new Loosened(["models", "allow"], $"has {Shown.Text(entry.Value)}, which no entry of {Shown.Bare(string.Join(", ", allowed))} covers", entry.Place))
            .Concat(Loosened.Mode(parent.Policy, child.Policy, GuardId.Model, ["guards", "model", "mode"]));
    }

    private static bool Covers(string pattern, string entry) => pattern.EndsWith('*')
        ? entry.AsSpan(0, entry.EndsWith('*') ? entry.Length - 1 : entry.Length).StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal)
        : string.Equals(pattern, entry, StringComparison.Ordinal);
}
