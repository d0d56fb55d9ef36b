using System.Collections.Immutable;

namespace Gateway.Core.Policies.Overrides;

/// <summary>
/// The overrides of a snapshot, ready to tighten policies. Immutable to its users; keeps the policies that it has made. The order in which overrides
/// are given means nothing.
/// </summary>
public sealed class OverrideSet
{
    // A tightened policy is small; its content rules bring automata of megabytes at most, as those of the policy itself do.
    private const int MostPolicies = 4_096;
    private const int MostContents = 1_024;
    private const int WordsOnStack = 16;

    private readonly ImmutableArray<CompiledOverride> _compiled;
    private readonly OverrideCache<TenantPolicy> _policies = new(MostPolicies);
    private readonly OverrideCache<TightenedContent> _contents = new(MostContents);
    private readonly Func<OverrideSelection, TenantPolicy> _tighten;
    private readonly Func<OverrideSelection, TightenedContent> _content;

    /// <summary>
    /// Compiles <paramref name="overrides"/>, which were checked when they were made. One that cannot be compiled stops everything in its scope.
    /// </summary>
    public OverrideSet(ImmutableArray<PolicyOverride> overrides)
    {
        Overrides = overrides;
        _compiled = [.. overrides.OrderBy(item => item.Id, StringComparer.Ordinal).Select(item => new CompiledOverride(item))];
        _tighten = Make;
        _content = selection => TightenedContent.Of(selection.Policy, Selected(selection));
    }

    /// <summary>No overrides.</summary>
    public static OverrideSet None { get; } = new([]);

    /// <summary>All of them, expired ones included.</summary>
    public ImmutableArray<PolicyOverride> Overrides { get; }

    /// <summary>The same as the constructor.</summary>
    public static OverrideSet Compile(ImmutableArray<PolicyOverride> overrides) => overrides.IsDefaultOrEmpty ? None : new OverrideSet(overrides);

    /// <summary>Those that have not expired at <paramref name="now"/>.</summary>
    public IEnumerable<PolicyOverride> InForce(DateTimeOffset now) => Overrides.Where(item => now < item.ExpiresAt);

    /// <summary>
    /// <paramref name="policy"/> tightened by every override that <paramref name="subject"/> is in the scope of at <paramref name="now"/>; the policy
    /// itself where there is none. The same answer is the same object, so that nothing is compiled for each exchange.
    /// </summary>
    public TenantPolicy Tighten(TenantPolicy policy, in PolicySubject subject, DateTimeOffset now)
    {
        if (_compiled.IsEmpty)
        {
            return policy;
        }

        var words = (_compiled.Length + 63) / 64;
        Span<ulong> bits = words <= WordsOnStack ? stackalloc ulong[words] : new ulong[words];
        bits.Clear();
        for (var i = 0; i < _compiled.Length; i++)
        {
            if (_compiled[i].IsInForce(now) && _compiled[i].IsInScope(policy, subject))
            {
                bits[i / 64] |= 1UL << (i % 64);
            }
        }

        return bits.IndexOfAnyExcept(0UL) < 0 ? policy : _policies.GetOrAdd(new OverrideMask(policy, bits), _tighten);
    }

    private TenantPolicy Make(OverrideSelection selection)
    {
        // Content is kept by itself: compiling it is dear, and most overrides do not touch it.
        var bits = new ulong[selection.Bits.Length];
        for (var i = 0; i < _compiled.Length; i++)
        {
            if (_compiled[i].ChangesContent && IsSelected(selection, i))
            {
                bits[i / 64] |= 1UL << (i % 64);
            }
        }

        return PolicyTightener.Tighten(selection.Policy, Selected(selection), _contents.GetOrAdd(new OverrideMask(selection.Policy, bits), _content));
    }

    private IEnumerable<CompiledOverride> Selected(OverrideSelection selection) => _compiled.Where((_, i) => IsSelected(selection, i));

    private static bool IsSelected(OverrideSelection selection, int number) => (selection.Bits[number / 64] >> (number % 64) & 1) != 0;
}
