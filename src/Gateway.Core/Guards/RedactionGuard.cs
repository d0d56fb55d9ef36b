using Gateway.Core.Exchanges;

namespace Gateway.Core.Guards;

/// <summary>
/// Replaces in the request what redacting guards find. Stands before the guards that read text: they must judge the text that will be sent, or a
/// span cut out of the middle of a forbidden phrase would put it together behind their backs.
/// </summary>
public sealed class RedactionGuard(IReadOnlyList<ITextRedactor> redactors) : IRequestGuard
{
    /// <inheritdoc/>
    public GuardId Id => GuardId.Other;

    /// <inheritdoc/>
    public ValueTask EvaluateAsync(GuardContext context, CancellationToken cancellationToken)
    {
        var request = context.Request;
        var edits = BodyRedaction.Run(request.Content, request.Body.Span, redactors, context.Policy.Mode, context.Report);
        if (context.Block is null && edits.Count > 0 && !context.TryRewrite(BodyEdit.Apply(request.Body.Span, edits)))
        {
            context.Report(BodyRedaction.Failed(Surface.Metadata));
        }

        return ValueTask.CompletedTask;
    }
}
