using System.Collections.Immutable;
using System.Globalization;
using Gateway.Core.Detection.Patterns;

namespace Gateway.Core.Policies.Overrides;

/// <summary>
/// Makes overrides from drafts, and reports every mistake of one at once. What it accepts, <see cref="OverrideSet"/> can compile.
/// </summary>
public static class OverrideCompiler
{
    /// <summary>Most overrides in force at the same time.</summary>
    public const int Most = 500;

    /// <summary>Most states of all patterns together: half of what one surface takes, so that the policy's own rules fit beside them.</summary>
    public const int MostStates = PatternSet.MaxStateCount / 2;

    /// <summary>Longest reason or incident, in UTF-16 units.</summary>
    public const int MostCharacters = 1_000;

    /// <summary>How every id begins.</summary>
    public const string IdPrefix = "ov_";

    private const int LongestId = 35;

    /// <summary>How long an override lasts that says nothing about it.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromHours(4);

    /// <summary>The longest life of one: what is to last longer belongs into a policy.</summary>
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(30);

    /// <summary>The override that <paramref name="draft"/> asks for.</summary>
    /// <param name="draft">What is asked for.</param>
    /// <param name="author">Who asks.</param>
    /// <param name="existing">Those that stand already, expired ones included.</param>
    /// <param name="now">When.</param>
    public static OverrideCompilation Create(OverrideDraft draft, string author, ImmutableArray<PolicyOverride> existing, DateTimeOffset now)
    {
        if (draft.Measure is not { } measure)
        {
            return new OverrideCompilation(null, ["measure: is missing"]);
        }

        var made = new PolicyOverride
        {
            Id = IdPrefix + Guid.CreateVersion7(now).ToString("N"),
            Scope = draft.Scope ?? new OverrideScope(),
            Measure = measure,
            Reason = draft.Reason ?? "",
            Author = author,
            CreatedAt = now,
            ExpiresAt = draft.ExpiresAt ?? now + DefaultLifetime,
            Incident = draft.Incident,
        };
        var errors = Check(made, existing, now);
        return new OverrideCompilation(errors.IsEmpty ? made : null, errors);
    }

    /// <summary>All mistakes of <paramref name="candidate"/>, each beginning with the member it is about; none: it can be added.</summary>
    public static ImmutableArray<string> Check(PolicyOverride candidate, ImmutableArray<PolicyOverride> existing, DateTimeOffset now)
    {
        var errors = new OverrideErrors();
        CheckFrame(candidate, errors, now);
        ScopeCheck.Run(candidate.Scope, errors);
        new MeasureCheck(candidate.Measure, candidate.Scope, errors).Run();
        CheckRoom(candidate, existing.IsDefault ? [] : existing, errors, now);
        return errors.All;
    }

    private static void CheckFrame(PolicyOverride candidate, OverrideErrors errors, DateTimeOffset now)
    {
        errors.AddIf(!IsId(candidate.Id), "id", $"is {IdPrefix} and 1 to 32 of a-z and 0-9");
        errors.AddIf(string.IsNullOrWhiteSpace(candidate.Reason), "reason", "is missing; write why, for whoever reads it next");
        errors.AddIf(candidate.Reason?.Length > MostCharacters, "reason", string.Create(CultureInfo.InvariantCulture, $"is longer than {MostCharacters} characters"));
        errors.AddIf(string.IsNullOrWhiteSpace(candidate.Author), "author", "is missing");
        errors.AddIf(candidate.Incident is { Length: 0 or > MostCharacters }, "incident", string.Create(CultureInfo.InvariantCulture, $"is 1 to {MostCharacters} characters"));
        errors.AddIf(candidate.ExpiresAt <= now, "expiresAt", "is not in the future");
        errors.AddIf(
            candidate.ExpiresAt - now > LongestLifetime,
            "expiresAt",
            string.Create(CultureInfo.InvariantCulture, $"is more than {LongestLifetime.Days} days away; what is to last belongs into a policy"));
    }

    private static void CheckRoom(PolicyOverride candidate, ImmutableArray<PolicyOverride> existing, OverrideErrors errors, DateTimeOffset now)
    {
        ImmutableArray<PolicyOverride> others = [.. existing.Where(item => now < item.ExpiresAt && item.Id != candidate.Id)];
        errors.AddIf(others.Length >= Most, "override", string.Create(CultureInfo.InvariantCulture, $"is one too many; there are {Most} in force, remove some first"));
        errors.AddIf(existing.Any(item => item.Id == candidate.Id), "id", "is taken");
        if (States(candidate) is var states and > 0 && states + others.Sum(States) > MostStates)
        {
            errors.Add("measure", "has a pattern that is too large together with those of the other overrides; shorten it, or remove some of them");
        }
    }

    private static int States(PolicyOverride item) => new CompiledOverride(item).Rule?.Pattern.StateCount ?? 0;

    private static bool IsId(string id) =>
        id.StartsWith(IdPrefix, StringComparison.Ordinal) && id.Length > IdPrefix.Length && id.Length <= LongestId
        && id[IdPrefix.Length..].All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character));
}
