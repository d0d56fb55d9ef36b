using System.Globalization;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Guards;

/// <summary>Counts of one request against the policy's sizes. The body's bytes are bounded before, while it is read.</summary>
public sealed class SizeGuard : IRequestGuard
{
    /// <inheritdoc/>
    public GuardId Id => GuardId.Size;

    /// <inheritdoc/>
    public ValueTask EvaluateAsync(GuardContext context, CancellationToken cancellationToken)
    {
        var size = context.Policy.Limits.Size;
        var request = context.Request;
        Check(context, "text_length", "characters of text", request.Content.Text.Length, size.TextLength);
        Check(context, "messages", "messages", request.MessageCount, size.Messages);
        Check(context, "tools", "declared tools", request.Content.Tools.Count, size.Tools);
        Check(context, "choices", "answers asked for", request.ChoiceCount, size.Choices);
        Check(context, "output_tokens", "output tokens asked for", request.MaxOutputTokens ?? 0, size.OutputTokens);
        return ValueTask.CompletedTask;
    }

    private static void Check(GuardContext context, string rule, string what, long actual, long? most)
    {
        if (actual > most)
        {
            context.Report(new Finding(
                GuardId.Size,
                rule,
                Threat.Other,
                Surface.Metadata,
                PolicyAction.Block,
                Severity.Low,
                GuardMode.Enforce,
                Message: string.Create(CultureInfo.InvariantCulture, $"The request has {actual} {what}; the policy allows {most}.")));
        }
    }
}
