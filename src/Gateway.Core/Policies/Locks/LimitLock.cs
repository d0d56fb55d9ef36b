using System.Collections.Immutable;
using System.Globalization;
using Gateway.Core.Guards;

namespace Gateway.Core.Policies.Locks;

/// <summary>A limit: lower or equal is tighter, and no limit is the loosest.</summary>
/// <param name="value">The limit; null: none.</param>
/// <param name="isGuarded">Whether the size guard enforces it, whose mode then counts; the others hold in every mode.</param>
/// <param name="steps">The way to it.</param>
internal sealed class LimitLock(Func<TenantPolicy, long?> value, bool isGuarded, params ImmutableArray<string> steps) : ILock
{
    public IEnumerable<Loosened> Compare(CompiledPolicy parent, CompiledPolicy child)
    {
        if (value(parent.Policy) is not { } was)
        {
            return [];
        }

        var now = value(child.Policy);
        var shown = now is { } number ? number.ToString(CultureInfo.InvariantCulture) : "without a limit";
        IEnumerable<Loosened> own = now is null || now > was
            ? [new Loosened(steps, string.Create(CultureInfo.InvariantCulture, $"is {shown}, which is looser than {was}"))]
            : [];
        return isGuarded ? own.Concat(Loosened.Mode(parent.Policy, child.Policy, GuardId.Size, ["guards", "size", "mode"])) : own;
    }
}
