using System.Collections.Immutable;

namespace Gateway.Core.Policies.Overrides;

/// <summary>
/// What overrides add to a policy beside stricter values of its own members. All of it is enforced whatever the policy's mode. Immutable; lists are
/// ordered by the ids of their overrides, so that the order in which overrides came changes nothing.
/// </summary>
public sealed record EmergencyRules
{
    /// <summary>No override.</summary>
    public static EmergencyRules None { get; } = new();

    /// <summary>The overrides that the exchange is in the scope of, ordered.</summary>
    public ImmutableArray<string> Ids { get; init; } = [];

    /// <summary>Kill switches.</summary>
    public ImmutableArray<BlockRule> Blocks { get; init; } = [];

    /// <summary>Tools that are stopped.</summary>
    public ImmutableArray<ToolRule> Tools { get; init; } = [];

    /// <summary>The overrides that refuse third-party content.</summary>
    public ImmutableArray<string> ThirdParty { get; init; } = [];

    /// <summary>Limits that a guard checks. The policy's own limits are lowered too, but count only while the policy is enforced.</summary>
    public ImmutableArray<SizeRule> Sizes { get; init; } = [];

    /// <summary>Whether there is no override at all.</summary>
    public bool IsEmpty => Ids.IsEmpty;

    /// <summary>Whether the override guard has anything to check.</summary>
    public bool NeedsGuard => !(Blocks.IsEmpty && ThirdParty.IsEmpty && Sizes.IsEmpty);

    /// <summary>The first kill switch that stops the exchange whatever it asks for; null: there is none.</summary>
    public BlockRule? Kill => Blocks.FirstOrDefault(block => block.Models.IsEmpty);

    /// <summary>The rule id in findings, errors and records.</summary>
    public static string RuleOf(string id) => $"override:{id}";
}

/// <summary>A kill switch.</summary>
/// <param name="Override">The override.</param>
/// <param name="Models">Models, exact or with a trailing <c>*</c>; empty: whatever the model.</param>
public sealed record BlockRule(string Override, ImmutableArray<string> Models)
{
    /// <summary>Whether a request that names <paramref name="model"/> is stopped.</summary>
    public bool Stops(string model) => Models.IsEmpty || ModelNames.Any(Models, model);
}

/// <summary>Limits of a request's size that an override sets; null: none. Units as in <see cref="SizeLimits"/>.</summary>
/// <param name="Override">The override.</param>
/// <param name="TextLength">Most text.</param>
/// <param name="Tools">Most declared tools.</param>
/// <param name="OutputTokens">Largest output limit.</param>
public sealed record SizeRule(string Override, long? TextLength, int? Tools, long? OutputTokens);
