using System.Collections.Immutable;
using Gateway.Core.Detection.Patterns;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies.Overrides;

namespace Gateway.Core.Policies;

/// <summary>One content rule of a policy.</summary>
public sealed record ContentRule
{
    /// <summary>Unique id within the policy; appears in errors and records.</summary>
    public required string Id { get; init; }

    /// <summary>The compiled pattern.</summary>
    public required Pattern Pattern { get; init; }

    /// <summary>Where the rule looks.</summary>
    public required ImmutableArray<Surface> Surfaces { get; init; }

    /// <summary>What a match does.</summary>
    public PolicyAction Action { get; init; } = PolicyAction.Block;

    /// <summary>How bad a match is.</summary>
    public Severity Severity { get; init; } = Severity.Medium;

    /// <summary>The rule's mode, already tightened by nothing and loosened by the policy's mode.</summary>
    public GuardMode Mode { get; init; } = GuardMode.Enforce;

    /// <summary>The threat class reported.</summary>
    public Threat Threat { get; init; } = Threat.Content;

    /// <summary>What the developer is told; names no pattern.</summary>
    public string? Message { get; init; }

    /// <summary>Where the rule was written.</summary>
    public PolicySource Source { get; init; }

    /// <summary>The id of the override that brought the rule, or that made it act; it then acts whatever the policy's mode.</summary>
    public string? Override { get; init; }
}

/// <summary>The content rules of a policy, compiled to one pattern set per surface.</summary>
public sealed class ContentRuleSet
{
    private readonly SurfaceRules?[] _bySurface;

    /// <summary>Compiles <paramref name="rules"/>; rules that are off are left out.</summary>
    /// <exception cref="ArgumentException">The patterns of one surface are too large together.</exception>
    public ContentRuleSet(ImmutableArray<ContentRule> rules)
    {
        Rules = rules;
        _bySurface = new SurfaceRules?[Enum.GetValues<Surface>().Length];
        // Most surfaces have the same rules, and an automaton's cache is megabytes: surfaces share what is equal.
        var compiled = new List<SurfaceRules>();
        foreach (var surface in Enum.GetValues<Surface>())
        {
            ImmutableArray<ContentRule> here = [.. rules.Where(rule => rule.Mode != GuardMode.Off && rule.Surfaces.Contains(surface))];
            if (here.Length > 0)
            {
                _bySurface[(int)surface] = compiled.Find(known => known.Rules.AsSpan().SequenceEqual(here.AsSpan())) ?? Add(compiled, here);
            }
        }
    }

    private ContentRuleSet(ImmutableArray<ContentRule> rules, SurfaceRules?[] bySurface)
    {
        Rules = rules;
        _bySurface = bySurface;
    }

    /// <summary>No rules.</summary>
    public static ContentRuleSet Empty { get; } = new([]);

    /// <summary>All rules as written.</summary>
    public ImmutableArray<ContentRule> Rules { get; }

    /// <summary>Whether an override makes any of the rules act.</summary>
    public bool IsForced => Array.Exists(_bySurface, rules => rules is { IsForced: true });

    /// <summary>
    /// The same rules, those in monitor mode that <paramref name="chosen"/> names enforced by the override <paramref name="by"/>. The patterns stay, so
    /// nothing is compiled.
    /// </summary>
    public ContentRuleSet Enforced(Func<ContentRule, bool> chosen, string by)
    {
        var changed = new Dictionary<ContentRule, ContentRule>(ReferenceEqualityComparer.Instance);
        foreach (var rule in Rules.Where(rule => IsFirst(rule, by) && chosen(rule)))
        {
            changed[rule] = rule with { Mode = GuardMode.Enforce, Override = by };
        }

        if (changed.Count == 0)
        {
            return this;
        }

        ContentRule Of(ContentRule rule) => changed.GetValueOrDefault(rule, rule);
        var known = new Dictionary<SurfaceRules, SurfaceRules>(ReferenceEqualityComparer.Instance);
        SurfaceRules Rewritten(SurfaceRules here) =>
            known.TryGetValue(here, out var rewritten) ? rewritten : known[here] = new SurfaceRules([.. here.Rules.Select(Of)], here.Patterns);
        return new ContentRuleSet([.. Rules.Select(Of)], [.. _bySurface.Select(here => here is null ? null : Rewritten(here))]);
    }

    /// <summary>The rules that look at <paramref name="surface"/>, or null when none does.</summary>
    public SurfaceRules? For(Surface surface) => _bySurface[(int)surface];

    // Of several overrides that enforce one rule the one with the first id stands for all, in whatever order they come. The rules that overrides bring
    // are enforced by the one that brings them.
    private static bool IsFirst(ContentRule rule, string by) =>
        rule.Mode == GuardMode.Monitor
        || (rule.Override is { } known && rule.Id != EmergencyRules.RuleOf(known) && string.CompareOrdinal(by, known) < 0);

    private static SurfaceRules Add(List<SurfaceRules> compiled, ImmutableArray<ContentRule> rules)
    {
        compiled.Add(new SurfaceRules(rules, PatternSet.Compile([.. rules.Select(rule => rule.Pattern)])));
        return compiled[^1];
    }
}

/// <summary>The rules of one surface; pattern <c>i</c> of the set is that of rule <c>i</c>.</summary>
public sealed record SurfaceRules(ImmutableArray<ContentRule> Rules, PatternSet Patterns)
{
    /// <summary>Whether any of the rules acts.</summary>
    public bool IsEnforced { get; } = Rules.Any(rule => rule.Mode == GuardMode.Enforce);

    /// <summary>Whether an override makes any of the rules act.</summary>
    public bool IsForced { get; } = Rules.Any(rule => rule is { Mode: GuardMode.Enforce, Override: not null });
}
