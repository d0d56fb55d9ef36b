using System.Collections.Immutable;
using Gateway.Core.Guards;
using Gateway.Core.Policies.Documents;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies.Locks;

/// <summary>A value that is looser in a child than in its parent.</summary>
/// <param name="Steps">The way to the value in the tree; a rule is a step by its id.</param>
/// <param name="Problem">In what way, as the predicate of a sentence about the value.</param>
/// <param name="At">Where it is written, if that is not the value in the tree.</param>
internal sealed record Loosened(ImmutableArray<string> Steps, string Problem, YamlPlace? At = null)
{
    /// <summary>The value in messages.</summary>
    public string Path => string.Join('.', Steps);

    /// <summary>
    /// A guard that runs in a milder mode, if it does: what a value says counts only as far as its guard acts on it. Said of the guard's own mode or of the
    /// policy's, whichever is the cause.
    /// </summary>
    public static IEnumerable<Loosened> Mode(TenantPolicy parent, TenantPolicy child, GuardId guard, ImmutableArray<string> own)
    {
        if (child.ModeOf(guard) > parent.ModeOf(guard))
        {
            yield return new Loosened(child.Mode > parent.ModeOf(guard) ? ["mode"] : own, Milder(child.ModeOf(guard), parent.ModeOf(guard)));
        }
    }

    public static string Milder(GuardMode now, GuardMode was) => $"is {Vocabulary.Mode.Of(now)}, which is looser than {Vocabulary.Mode.Of(was)}";
}

/// <summary>Says what of a locked value is looser in a child than in its parent. One class for each kind of value.</summary>
internal interface ILock
{
    /// <summary>What is looser; nothing when the value is as tight as in <paramref name="parent"/>, or tighter.</summary>
    IEnumerable<Loosened> Compare(CompiledPolicy parent, CompiledPolicy child);
}
