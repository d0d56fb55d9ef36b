using System.Buffers;
using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.Coverage;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Tests.Formats.Responses;

namespace Gateway.Core.Tests.Coverage;

/// <summary>What became of a body with the marker in one place.</summary>
internal enum Fate
{
    /// <summary>Nothing noticed the marker: what no test may see.</summary>
    Passed,

    /// <summary>The content rule stopped it.</summary>
    Blocked,

    /// <summary>The rule did not see the marker, but a capability was found that the policy can refuse.</summary>
    Governed,

    /// <summary>The body was not accepted.</summary>
    Refused,
}

/// <param name="Fate">What became of it.</param>
/// <param name="Why">The fault.</param>
/// <param name="Param">Where the fault is.</param>
/// <param name="Surfaces">Where the rule found the marker.</param>
/// <param name="Capabilities">What the body was found to use.</param>
internal sealed record MarkerVerdict(Fate Fate, string? Why, string? Param, IReadOnlyList<Surface> Surfaces, IReadOnlyList<Capability> Capabilities);

/// <summary>Sends bodies through the readers and guards that the gateway runs, under a policy that blocks the marker on every surface.</summary>
internal static class MarkerJudge
{
    private static readonly GuardPipeline Guards = new([new CapabilityGuard(), new ContentGuard()], TimeProvider.System);

    /// <summary>Tolerates everything, so that nothing but the content rule stops anything.</summary>
    public static TenantPolicy Open { get; } = TestPolicies.With(TestPolicies.Rule(FieldPaths.Marker, Enum.GetValues<Surface>())) with
    {
        Unseen = Enum.GetValues<Capability>().Aggregate(UnseenRules.Default, (rules, capability) => rules.With(capability, PolicyAction.Annotate)),
    };

    /// <summary>The settings of a policy that says nothing about what cannot be seen.</summary>
    public static TenantPolicy Default { get; } = Open with { Unseen = UnseenRules.Default };

    public static async Task<MarkerVerdict> RequestAsync(IWireFormat format, byte[] body, TenantPolicy policy)
    {
        var pathModel = format.Endpoints.All(endpoint => endpoint.UpstreamPath.Contains("{model}", StringComparison.Ordinal)) ? "m" : null;
        using var request = new ExchangeRequest { Body = body, Tolerates = policy.Unseen.Tolerated, PathModel = pathModel };
        if (format.ReadRequest(request) is { } fault)
        {
            return new MarkerVerdict(Fate.Refused, fault.Reason + ": " + fault.Message, fault.Param, [], []);
        }

        var context = new GuardContext("id", request, policy, request.Model);
        await Guards.RunAsync(context, CancellationToken.None);
        Assert.DoesNotContain(context.Runs, run => run.Skipped is not (null or "earlier_block"));

        // The guard counts a tool that the provider executes as a use where no reader has marked it.
        var capabilities = request.Uses.Select(use => use.Capability).ToHashSet();
        if (request.Content.Tools.Exists(static tool => tool.ProviderSide))
        {
            capabilities.Add(Capability.ProviderTool);
        }

        return Verdict(context.Findings, [.. capabilities]);
    }

    public static MarkerVerdict Whole(IWireFormat format, byte[] body)
    {
        using var content = new MessageContent();
        if (!format.TryReadResponse(body, content))
        {
            return new MarkerVerdict(Fate.Refused, content.ErrorCode, null, [], []);
        }

        var findings = new List<Finding>();
        ContentScan.Run(content, body, Open.Content, findings.Add);
        return Verdict(findings, []);
    }

    /// <summary>Feeds a stream in pieces of the sizes given; the last size repeats.</summary>
    public static MarkerVerdict Stream(IWireFormat format, byte[] body, IReadOnlyList<int> sizes, StreamFraming framing)
    {
        var findings = new List<Finding>();
        var output = new ArrayBufferWriter<byte>();
        using var request = new ExchangeRequest { Body = default, Stream = true, ClientWantsStreamUsage = true, ChoiceCount = 2, Framing = framing };
        using var inspector = new StreamInspector(format.CreateStreamReader(request), Open, findings.Add, Notice);
        for (int at = 0, piece = 0; at < body.Length; piece++)
        {
            var size = Math.Min(sizes[Math.Min(piece, sizes.Count - 1)], body.Length - at);
            inspector.Feed(body.AsSpan(at, size), output);
            at += size;
        }

        inspector.Complete(output);
        if (output.WrittenSpan.IndexOf(Encoding.UTF8.GetBytes(FieldPaths.Marker)) >= 0)
        {
            return new MarkerVerdict(Fate.Passed, "released", null, [], []);
        }

        return inspector.End == StreamEnd.Violation || findings.Exists(finding => finding.Blocks)
            ? Verdict(findings, [])
            : new MarkerVerdict(Fate.Refused, inspector.Fault, null, [], []);
    }

    private static CutNotice Notice(StreamEnd end) => new(Refusal: false, new GatewayError(ErrorCode.PolicyBlocked, "Stopped.", "id"));

    private static MarkerVerdict Verdict(IReadOnlyList<Finding> findings, IReadOnlyList<Capability> capabilities)
    {
        Surface[] surfaces = [.. findings.Where(finding => finding.Guard == GuardId.Content && finding.Blocks).Select(finding => finding.Surface).Distinct()];
        var fate = surfaces.Length > 0 ? Fate.Blocked : capabilities.Count > 0 || findings.Any(finding => finding.Blocks) ? Fate.Governed : Fate.Passed;
        return new MarkerVerdict(fate, null, null, surfaces, capabilities);
    }
}
