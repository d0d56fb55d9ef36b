using System.Collections.Immutable;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies.Documents;

namespace Gateway.Core.Policies.Locks;

/// <summary>One setting of <c>unseen</c>: allow is looser than annotate, annotate than deny.</summary>
internal sealed class UnseenLock(CapabilityTerm term) : ILock
{
    public IEnumerable<Loosened> Compare(CompiledPolicy parent, CompiledPolicy child) =>
        Compare(parent.Policy.Unseen.For(term.Capability), child.Policy.Unseen.For(term.Capability), ["unseen", term.Key])
            .Concat(Mode(parent, child, parent.Policy.Unseen.For(term.Capability)))
            // A setting for one tool speaks before the setting for all.
            .Concat(term.Capability == Capability.ProviderTool ? new BuiltInToolsLock(null).Compare(parent, child) : []);

    public static IEnumerable<Loosened> Compare(PolicyAction was, PolicyAction now, ImmutableArray<string> steps)
    {
        if (now < was)
        {
            yield return new Loosened(steps, $"is {UnseenShape.Setting.Of(now)}, which is looser than {UnseenShape.Setting.Of(was)}");
        }
    }

    public static IEnumerable<Loosened> Mode(CompiledPolicy parent, CompiledPolicy child, PolicyAction was) =>
        was == PolicyAction.Allow ? [] : Loosened.Mode(parent.Policy, child.Policy, GuardId.Capability, ["unseen", "mode"]);
}

/// <summary>The settings of <c>tools.builtIn</c>: of one tool, or of all, those included that only follow <c>unseen.providerTool</c>.</summary>
internal sealed class BuiltInToolsLock(string? only) : ILock
{
    public IEnumerable<Loosened> Compare(CompiledPolicy parent, CompiledPolicy child)
    {
        var (was, now) = (parent.Policy.Unseen, child.Policy.Unseen);
        IEnumerable<string> names = only is null ? was.BuiltInTools.Union(now.BuiltInTools).Order(StringComparer.Ordinal) : [only];
        var own = names.SelectMany(name =>
            UnseenLock.Compare(was.ForTool(name), now.ForTool(name), now.NamesTool(name) ? ["tools", "builtIn", name] : ["unseen", "providerTool"])
                .Concat(UnseenLock.Mode(parent, child, was.ForTool(name))));
        return only is null
            ? own.Concat(UnseenLock.Compare(was.For(Capability.ProviderTool), now.For(Capability.ProviderTool), ["unseen", "providerTool"]))
                .Concat(UnseenLock.Mode(parent, child, was.For(Capability.ProviderTool)))
            : own;
    }
}

/// <summary>The betas that are passed on: a child may leave some out.</summary>
internal sealed class BetasLock : ILock
{
    public IEnumerable<Loosened> Compare(CompiledPolicy parent, CompiledPolicy child) =>
        (child.Draft.Unseen?.Value.Betas?.Value ?? [])
            .Where(beta => !parent.Policy.Unseen.PassesBeta(beta.Value))
            .Select(beta => new Loosened(["unseen", "betas"], $"has {Shown.Text(beta.Value)}, which the parent does not pass on", beta.Place));
}
