using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Guards;

/// <summary>
/// Only models the policy lists, under the name that would be sent, wherever a request names one. Not listed: the client is told the model does
/// not exist.
/// </summary>
public sealed class ModelGuard : IRequestGuard
{
    /// <summary>The rule id in findings.</summary>
    public const string Rule = "model_allowlist";

    private const int MostPlaces = 8;

    /// <inheritdoc/>
    public GuardId Id => GuardId.Model;

    /// <inheritdoc/>
    public ValueTask EvaluateAsync(GuardContext context, CancellationToken cancellationToken)
    {
        if (!context.Policy.Models.Allows(context.Model))
        {
            Report(context, "$.model", message: null);
        }

        Span<int> refused = stackalloc int[MostPlaces];
        var count = 0;
        foreach (var other in context.Request.OtherModels)
        {
            // Aliases are names at this gateway; a second name goes to the provider as it stands.
            if (count < MostPlaces && !context.Policy.Models.Allows(other.Name))
            {
                refused[count++] = other.TokenStart;
            }
        }

        foreach (var path in JsonPath.At(context.Request.Body.Span, refused[..count]))
        {
            Report(context, path, $"The model named at {path} does not exist or may not be used.");
        }

        return ValueTask.CompletedTask;
    }

    private void Report(GuardContext context, string? path, string? message) => context.Report(new Finding(
        Id, Rule, Threat.ModelPolicy, Surface.Metadata, PolicyAction.Block, Severity.Medium, GuardMode.Enforce, path, Message: message));
}
