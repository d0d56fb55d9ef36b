using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies.Documents;

namespace Gateway.Core.Policies;

/// <summary>Compiles the sections <c>unseen</c> and <c>tools.builtIn</c>.</summary>
internal static class UnseenRulesCompiler
{
    public static UnseenRules Compile(UnseenDraft draft, ToolsDraft tools, DocumentErrors errors)
    {
        var betas = draft.Betas?.Value ?? [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var beta in betas.Where(beta => !seen.Add(beta.Value)))
        {
            errors.Add(beta.Place, $"{Shown.Text(beta.Value)} appears twice; remove one");
        }

        return new UnseenRules(
            [.. CapabilityTerms.All.Select(term => Setting(term, draft, errors))],
            (tools.BuiltIn?.Value ?? []).ToDictionary(tool => tool.Name.Value, tool => tool.Item.Value, StringComparer.Ordinal),
            betas.Select(beta => beta.Value));
    }

    private static PolicyAction Setting(CapabilityTerm term, UnseenDraft draft, DocumentErrors errors)
    {
        if (!draft.Settings.TryGetValue(term.Capability, out var own))
        {
            var general = draft.Default?.Value ?? term.Default;
            return Mistake(term, general) is null ? general : term.Default;
        }

        if (Mistake(term, own.Value) is { } mistake)
        {
            errors.Add(own.Place, mistake);
        }

        return own.Value;
    }

    /// <summary>What no policy can say, whatever it wants.</summary>
    private static string? Mistake(CapabilityTerm term, PolicyAction action) => term switch
    {
        { Fixed: true } when action != PolicyAction.Block => "cannot be allowed: the gateway has no reader for it; write deny, or remove the key",
        { Capability: Capability.Beta } when action == PolicyAction.Allow =>
            "cannot be allowed as a whole; list the values that are passed on under unseen.betas, and write annotate to leave out the others",
        _ => null,
    };
}
