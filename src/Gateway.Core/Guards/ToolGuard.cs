using Gateway.Core.Policies;

namespace Gateway.Core.Guards;

/// <summary>
/// Tools that emergency overrides stop: declared in the request, the provider's own and connectors included, and called in the history that the
/// client replays. It judges calls, not text, so it has no line in the ledger: their text is the content rules' to read.
/// </summary>
public sealed class ToolGuard : IRequestGuard
{
    /// <inheritdoc/>
    public GuardId Id => GuardId.Tools;

    /// <inheritdoc/>
    public bool IsNeeded(TenantPolicy policy) => !policy.Emergency.Tools.IsEmpty;

    /// <inheritdoc/>
    public ValueTask EvaluateAsync(GuardContext context, CancellationToken cancellationToken)
    {
        var content = context.Request.Content;
        foreach (var rule in context.Policy.Emergency.Tools)
        {
            if (content.Tools.Exists(tool => rule.StopsDeclaration(tool)))
            {
                context.Report(OverrideFindings.Declared(rule));
            }
            else if (content.ToolCalls.Exists(rule.StopsHistory))
            {
                context.Report(OverrideFindings.Called(rule));
            }
        }

        return ValueTask.CompletedTask;
    }
}
