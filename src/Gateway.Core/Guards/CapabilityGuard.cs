using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;

namespace Gateway.Core.Guards;

/// <summary>
/// What a request asks for that the gateway cannot look into: each use is a finding with the action that the policy has for it, allowed ones
/// included, so that a record shows what nobody read.
/// </summary>
public sealed class CapabilityGuard : IRequestGuard
{
    /// <summary>Findings of one capability and action in one record. A body can show the same thing a million times; more places say nothing new.</summary>
    public const int MostPlaces = 8;

    /// <summary>The path of findings about a header that asks for betas.</summary>
    public const string BetaPath = "header";

    /// <inheritdoc/>
    public GuardId Id => GuardId.Capability;

    /// <summary>The finding for a use, as the guard reports it.</summary>
    /// <param name="capability">What is used.</param>
    /// <param name="action">What the policy says.</param>
    /// <param name="path">Where, if known.</param>
    /// <param name="tool">The name of a tool that the provider executes.</param>
    public static Finding ToFinding(Capability capability, PolicyAction action, string? path, string? tool = null) => new(
        GuardId.Capability,
        TelemetryNames.Of(capability),
        CapabilityTerms.Of(capability).Threat,
        Surface.Metadata,
        action,
        action == PolicyAction.Block ? Severity.Medium : Severity.Low,
        GuardMode.Enforce,
        path,
        Message: action == PolicyAction.Block ? Explain(capability, tool) : null);

    /// <summary>Says what the request does and which setting refuses it.</summary>
    public static string Explain(Capability capability, string? tool = null)
    {
        var term = CapabilityTerms.Of(capability);
        return tool is null
            ? $"The request {term.What}; the policy's setting unseen.{term.Key} refuses it."
            : $"The request {term.What} ({tool}); the policy's setting tools.builtIn.{tool} or unseen.{term.Key} refuses it.";
    }

    /// <inheritdoc/>
    public ValueTask EvaluateAsync(GuardContext context, CancellationToken cancellationToken)
    {
        var request = context.Request;
        if (request.Uses.Count > 0 || request.Content.Tools.Exists(static tool => tool.ProviderSide))
        {
            Judge(context, request);
        }

        foreach (var beta in request.Betas)
        {
            var passes = context.Policy.Unseen.PassesBeta(beta);
            context.Report(ToFinding(Capability.Beta, passes ? PolicyAction.Allow : context.Policy.Unseen.For(Capability.Beta), BetaPath));
        }

        return ValueTask.CompletedTask;
    }

    private static void Judge(GuardContext context, ExchangeRequest request)
    {
        var judged = Kept(context.Policy.Unseen, UsesOf(request));
        if (judged.Count == 0)
        {
            return;
        }

        var paths = JsonPath.At(request.Body.Span, [.. judged.Select(use => use.Use.TokenStart)]);
        for (var i = 0; i < judged.Count; i++)
        {
            var (use, action) = judged[i];
            var tool = use.Name is null ? null : ProviderToolName.Normalize(use.Name);
            context.Report(ToFinding(use.Capability, action, paths[i], tool));
        }
    }

    /// <summary>The uses that were marked, and the tools that the provider executes and nobody marked.</summary>
    private static IEnumerable<CapabilityUse> UsesOf(ExchangeRequest request)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var use in request.Uses)
        {
            if (use.Name is not null)
            {
                named.Add(ProviderToolName.Normalize(use.Name));
            }

            yield return use;
        }

        foreach (var tool in request.Content.Tools)
        {
            if (tool.ProviderSide && named.Add(ProviderToolName.Normalize(tool.Name)))
            {
                yield return new CapabilityUse(Capability.ProviderTool, TokenStart: -1, tool.Name);
            }
        }
    }

    /// <summary>The first places of each capability and action, refused ones whatever came before them.</summary>
    private static List<(CapabilityUse Use, PolicyAction Action)> Kept(UnseenRules rules, IEnumerable<CapabilityUse> uses)
    {
        Span<byte> places = stackalloc byte[CapabilityTerms.All.Length * ((int)PolicyAction.Block + 1)];
        places.Clear();
        var kept = new List<(CapabilityUse, PolicyAction)>();
        foreach (var use in uses)
        {
            var action = use is { Capability: Capability.ProviderTool, Name: { } name } ? rules.ForTool(name) : rules.For(use.Capability);
            ref var count = ref places[((int)use.Capability * ((int)PolicyAction.Block + 1)) + (int)action];
            if (count < MostPlaces)
            {
                count++;
                kept.Add((use, action));
            }
        }

        return kept;
    }
}
