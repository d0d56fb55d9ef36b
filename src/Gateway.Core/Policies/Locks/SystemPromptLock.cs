namespace Gateway.Core.Policies.Locks;

/// <summary>The managed system prompt: a child may go on after what the parent says, and leave out nothing of it.</summary>
internal sealed class SystemPromptLock : ILock
{
    public IEnumerable<Loosened> Compare(CompiledPolicy parent, CompiledPolicy child)
    {
        if (parent.Policy.SystemPrompt is { } was && child.Policy.SystemPrompt?.Prepend.StartsWith(was.Prepend, StringComparison.Ordinal) != true)
        {
            yield return new Loosened(["systemPrompt", "prepend"], "does not begin with the inherited text");
        }
    }
}
