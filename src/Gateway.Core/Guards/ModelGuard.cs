using Gateway.Core.Exchanges;

namespace Gateway.Core.Guards;

/// <summary>Only models the policy lists, under the name that would be sent. Not listed: the client is told the model does not exist.</summary>
public sealed class ModelGuard : IRequestGuard
{
    /// <summary>The rule id in findings.</summary>
    public const string Rule = "model_allowlist";

    /// <inheritdoc/>
    public GuardId Id => GuardId.Model;

    /// <inheritdoc/>
    public ValueTask EvaluateAsync(GuardContext context, CancellationToken cancellationToken)
    {
        if (!context.Policy.Models.Allows(context.Model))
        {
            context.Report(new Finding(
                Id, Rule, Threat.ModelPolicy, Surface.Metadata, PolicyAction.Block, Severity.Medium, GuardMode.Enforce, "$.model"));
        }

        return ValueTask.CompletedTask;
    }
}
