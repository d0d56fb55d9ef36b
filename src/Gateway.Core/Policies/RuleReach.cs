using System.Collections.Immutable;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Coverage;
using Gateway.Core.Guards;
using Gateway.Core.Policies.Documents;

namespace Gateway.Core.Policies;

/// <summary>
/// Refuses content rules that could never fire on a surface they name: a promise that nothing keeps. Rules of a policy that is off, and rules that
/// are off, are left alone: switching something off in a hurry must not be refused for what it no longer does.
/// </summary>
/// <param name="policy">The policy with everything but these checks.</param>
/// <param name="matrix">What the gateway looks at.</param>
/// <param name="errors">Where mistakes go.</param>
internal sealed class RuleReach(TenantPolicy policy, CoverageMatrix matrix, DocumentErrors errors)
{
    // Single tools of the provider can be allowed where the capability as a whole is not.
    private readonly CapabilitySet _tolerated = policy.Unseen.Tolerated.With(Capability.ProviderTool);

    /// <summary>Checks the rules of <c>guards.content</c>.</summary>
    public void Check(ImmutableArray<Located<ContentRuleDraft>> drafts)
    {
        // The compiled rules stand in the order of the drafts, without those that were refused: they are found by their place.
        var rules = policy.Content.Rules.Where(rule => rule.Mode != GuardMode.Off).ToDictionary(rule => rule.Source);
        foreach (var draft in drafts)
        {
            if (rules.TryGetValue(draft.Place.Source, out var rule))
            {
                foreach (var word in draft.Value.Surfaces?.Value ?? [])
                {
                    Check(rule, word);
                }
            }
        }
    }

    private void Check(ContentRule rule, Located<ImmutableArray<Surface>> word)
    {
        var inRequests = word.Value.Any(surface => matrix.Reaches(surface, CoverageDirection.Request, _tolerated));
        var inAnswers = word.Value.Any(surface => matrix.Reaches(surface, CoverageDirection.Response, _tolerated));
        if (!inRequests && !inAnswers)
        {
            errors.Add(word.Place, Unreachable(word.Value));
        }
        else if (!inAnswers && Bound() is var (limit, setting) && rule.Pattern.MinLength > limit)
        {
            errors.Add(
                word.Place,
                $"can never match: the rule needs at least {rule.Pattern.MinLength} characters, and {setting} stops requests at {limit}; raise that limit, or remove the rule from this surface");
        }
    }

    private string Unreachable(ImmutableArray<Surface> surfaces)
    {
        var settings = matrix.Rows.Where(row => row.Surface is { } surface && surfaces.Contains(surface) && row.Treatment == CoverageTreatment.Governed)
            .SelectMany(row => row.Settings)
            .Distinct()
            .Where(capability => !_tolerated.Has(capability))
            .Order()
            .Select(capability => $"unseen.{CapabilityTerms.Of(capability).Key}")
            .ToArray();
        return settings.Length == 0
            ? "can never match: no format that the gateway speaks has text there; remove it"
            : $"can never match: text stands there only in what {string.Join(", ", settings)} refuses; allow or annotate that, or remove the surface";
    }

    /// <summary>The most text a request can bring to the rule, in UTF-16 units: each takes at least one byte of the body.</summary>
    private (long Limit, string Setting) Bound()
    {
        var size = policy.Limits.Size;

        // Under monitor a request with too much text goes on to the rules.
        return policy.Mode == GuardMode.Enforce && size.TextLength is { } text && text <= size.BodyBytes
            ? (text, "limits.size.textLength")
            : (size.BodyBytes, "limits.size.bodyBytes");
    }
}
