using System.Collections.Immutable;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;

namespace Gateway.Policies;

/// <summary>Overrides of a state, made ready to tighten policies.</summary>
internal static class OverrideCompilation
{
    /// <summary>All mistakes of <paramref name="one"/>; empty: it can be enforced.</summary>
    public static IReadOnlyList<PolicyError> Check(PolicyOverride one) => Compile([one]).Errors;

    /// <summary>
    /// Those that this build can enforce, and the mistakes of the others. A state may hold an override that another build made: that one is told loudly, and the
    /// rest must not be lost with it.
    /// </summary>
    public static (OverrideSet Set, IReadOnlyList<PolicyError> Errors) Usable(ImmutableArray<PolicyOverride> overrides)
    {
        var (set, errors) = Compile(overrides);
        return errors.Count == 0 ? (set, []) : (Compile([.. overrides.Where(one => Check(one).Count == 0)]).Set, errors);
    }

    private static (OverrideSet Set, IReadOnlyList<PolicyError> Errors) Compile(ImmutableArray<PolicyOverride> overrides) => (new OverrideSet(overrides), []);
}
