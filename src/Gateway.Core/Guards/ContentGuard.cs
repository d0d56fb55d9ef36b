namespace Gateway.Core.Guards;

/// <summary>Content rules of the policy over every segment of the request.</summary>
public sealed class ContentGuard : IRequestGuard
{
    /// <inheritdoc/>
    public GuardId Id => GuardId.Content;

    /// <inheritdoc/>
    public ValueTask EvaluateAsync(GuardContext context, CancellationToken cancellationToken)
    {
        ContentScan.Run(context.Texts, context.Request.Body.Span, context.Policy.Content, context.Report);
        return ValueTask.CompletedTask;
    }
}
