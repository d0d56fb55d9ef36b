using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;

namespace Gateway.Core.Guards;

/// <summary>
/// Emergency overrides that look at the whole request: kill switches, also of models that stand anywhere in it; lowered limits; refusal of third-party
/// content. Runs first: nothing is read for an exchange that is to be stopped anyway.
/// </summary>
public sealed class OverrideGuard : IRequestGuard
{
    // What the provider would add or fetch by itself is third-party content that never passes here.
    private static readonly CapabilitySet s_thirdParty = default(CapabilitySet)
        .With(Capability.StoredHistory)
        .With(Capability.StoredFile)
        .With(Capability.RemoteContent)
        .With(Capability.BinaryDocument)
        .With(Capability.ProviderTool)
        .With(Capability.Connector);

    /// <inheritdoc/>
    public GuardId Id => GuardId.Override;

    /// <inheritdoc/>
    public bool IsNeeded(TenantPolicy policy) => policy.Emergency.NeedsGuard;

    /// <inheritdoc/>
    public ValueTask EvaluateAsync(GuardContext context, CancellationToken cancellationToken)
    {
        var rules = context.Policy.Emergency;
        foreach (var block in rules.Blocks)
        {
            Judge(context, block);
        }

        foreach (var size in rules.Sizes)
        {
            var request = context.Request;
            if (request.Content.Text.Length > size.TextLength || request.Content.Tools.Count > size.Tools || request.MaxOutputTokens > size.OutputTokens)
            {
                context.Report(OverrideFindings.TooLarge(size));
            }
        }

        if (!rules.ThirdParty.IsEmpty && FindThirdParty(context.Request) is var (surface, token))
        {
            var path = token < 0 ? null : JsonPath.At(context.Request.Body.Span, token);
            foreach (var id in rules.ThirdParty)
            {
                context.Report(OverrideFindings.ThirdParty(id, surface, path));
            }
        }

        return ValueTask.CompletedTask;
    }

    private static void Judge(GuardContext context, BlockRule block)
    {
        if (block.Models.IsEmpty)
        {
            context.Report(OverrideFindings.Blocked(block));
        }
        else if (block.Stops(context.Request.Model) || block.Stops(context.Model))
        {
            context.Report(OverrideFindings.Blocked(block, "$.model"));
        }
        else if (context.Request.OtherModels.Find(other => block.Stops(other.Name)) is { Name: not null } other)
        {
            context.Report(OverrideFindings.Blocked(block, JsonPath.At(context.Request.Body.Span, other.TokenStart)));
        }
    }

    private static (Surface Surface, int Token)? FindThirdParty(ExchangeRequest request)
    {
        foreach (ref readonly var segment in request.Content.Segments)
        {
            if (segment.Trust == Trust.ThirdParty)
            {
                return (segment.Surface, segment.TokenStart);
            }
        }

        foreach (var use in request.Uses)
        {
            if (s_thirdParty.Has(use.Capability))
            {
                return (Surface.Metadata, use.TokenStart);
            }
        }

        return request.Content.Tools.Exists(static tool => tool.ProviderSide) ? (Surface.ToolDefinition, -1) : null;
    }
}
