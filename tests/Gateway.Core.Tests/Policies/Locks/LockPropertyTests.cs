using CsCheck;
using Gateway.Core.Detection.Patterns;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Xunit;

namespace Gateway.Core.Tests.Policies.Locks;

/// <summary>
/// Whatever three generations of documents say: if they compile, nothing that is locked lets pass in a descendant what it stops in an ancestor. The oracle
/// asks the compiled policies what they do with samples; it knows nothing of documents, paths or locks beyond which part of a policy a path is about.
/// </summary>
public sealed class LockPropertyTests
{
    private static readonly string[] Models = ["gpt-4o", "gpt-4o-mini", "gpt-4", "o3", "o4", "claude"];
    private static readonly string[] Texts = ["red", "RED", "blue", "Blue", "green", "yellow"];

    [Fact]
    public void Compile_descendant_never_loosens_a_locked_value()
    {
        var (compiled, refused, checks) = (0, 0, 0);
        var path = Gen.Int[0, PolicyGenerators.Paths.Length - 1].Select(index => PolicyGenerators.Paths[index]);
        Gen.Select(PolicyGenerators.Base, PolicyGenerators.Body, PolicyGenerators.Body, path, path).Sample(
            (parent, child, grandchild, lockedFirst, lockedSecond) =>
            {
                var compilation = PolicyFamily.Compile(
                    ("p0", $"tenants: [t0]\nlocked: [{lockedFirst}]\n{parent}"),
                    ("p1", $"tenants: [t1]\nextends: [p0]\nlocked: [{lockedSecond}]\n{child}"),
                    ("p2", $"tenants: [t2]\nextends: [p1]\n{grandchild}"));
                if (compilation.Snapshot is not { } snapshot)
                {
                    Interlocked.Increment(ref refused);
                    return;
                }

                Interlocked.Increment(ref compiled);
                var (p0, p1, p2) = (snapshot.Policies[0], snapshot.Policies[1], snapshot.Policies[2]);
                foreach (var (above, below, locked) in ((TenantPolicy, TenantPolicy, string)[])[(p0, p1, lockedFirst), (p0, p2, lockedFirst), (p1, p2, lockedFirst), (p1, p2, lockedSecond)])
                {
                    foreach (var (part, stops, stillStops) in Stops(above, below).Where(stop => IsAbout(locked, stop.Part)))
                    {
                        Interlocked.Increment(ref checks);
                        Assert.True(!stops || stillStops, $"{locked}: {part} is looser in {below.Name} than in {above.Name}");
                    }
                }
            },
            iter: 1_000);

        Assert.True(compiled > 50 && refused > 50 && checks > 10_000, $"{compiled} compiled, {refused} refused, {checks} checks: the documents say nothing");
    }

    private static bool IsAbout(string locked, string part) =>
        locked == "\"*\"" || part == locked || part.StartsWith(locked + ".", StringComparison.Ordinal);

    /// <summary>For every sample: which part of the policy it is about, whether the ancestor stops it, whether the descendant does.</summary>
    private static IEnumerable<(string Part, bool Stops, bool StillStops)> Stops(TenantPolicy above, TenantPolicy below) =>
        Samples().Select(sample => (sample.Part, sample.Stops(above), sample.Stops(below)))
            .Concat(Capabilities(above, below))
            .Concat(above.Content.Rules.SelectMany(rule => Content(rule, below)))
            .Append(("guardTimeoutMs", true, below.GuardTimeout >= above.GuardTimeout || below is { OnError: GuardFailure.Block, Mode: GuardMode.Enforce }));

    private static IEnumerable<(string Part, Func<TenantPolicy, bool> Stops)> Samples()
    {
        yield return ("mode", policy => policy.Mode == GuardMode.Enforce);
        yield return ("mode", policy => policy.Mode != GuardMode.Off);
        yield return ("onError", policy => policy is { OnError: GuardFailure.Block, Mode: GuardMode.Enforce });
        foreach (var tier in Enumerable.Range(1, 3))
        {
            yield return ("riskTier", policy => policy.RiskTier >= tier);
        }

        foreach (var model in Models)
        {
            yield return ("models.allow", policy => policy.ModeOf(GuardId.Model) == GuardMode.Enforce && !policy.Models.Allows(model));
        }

        foreach (var count in Enumerable.Range(1, 100))
        {
            yield return ("limits.concurrency", policy => count > policy.Limits.Concurrency);
            yield return ("limits.requests", policy => count * 10 > policy.Limits.Requests?.PerMinute);
            yield return ("limits.requests", policy => count > policy.Limits.Requests?.Burst);
            yield return ("limits.size.messages", policy => count > policy.Limits.Size.Messages && policy.ModeOf(GuardId.Size) == GuardMode.Enforce);
        }
    }

    private static IEnumerable<(string, bool, bool)> Capabilities(TenantPolicy above, TenantPolicy below)
    {
        foreach (var term in CapabilityTerms.All)
        {
            yield return ($"unseen.{term.Key}", Denies(above, term.Capability), Denies(below, term.Capability));
            yield return ($"unseen.{term.Key}", Marks(above, term.Capability), Marks(below, term.Capability));
        }

        foreach (var tool in (string[])["web_search", "computer"])
        {
            foreach (var part in (string[])["unseen.providerTool", $"tools.builtIn.{tool}"])
            {
                yield return (part, DeniesTool(above, tool), DeniesTool(below, tool));
            }
        }

        static bool Denies(TenantPolicy policy, Capability capability) => policy.Unseen.For(capability) == PolicyAction.Block && policy.ModeOf(GuardId.Capability) == GuardMode.Enforce;
        static bool Marks(TenantPolicy policy, Capability capability) => policy.Unseen.For(capability) != PolicyAction.Allow && policy.ModeOf(GuardId.Capability) != GuardMode.Off;
        static bool DeniesTool(TenantPolicy policy, string tool) => policy.Unseen.ForTool(tool) == PolicyAction.Block && policy.ModeOf(GuardId.Capability) == GuardMode.Enforce;
    }

    private static IEnumerable<(string, bool, bool)> Content(ContentRule rule, TenantPolicy below)
    {
        var same = below.Content.Rules.FirstOrDefault(other => other.Id == rule.Id);
        var (found, stillFound) = (Found(rule), same is null ? [] : Found(same));
        foreach (var surface in rule.Surfaces)
        {
            foreach (var text in found)
            {
                var harder = stillFound.Contains(text) && same!.Surfaces.Contains(surface) && same.Action >= rule.Action && same.Severity >= rule.Severity && same.Mode <= rule.Mode;
                yield return ($"guards.content.{rule.Id}", rule.Mode != GuardMode.Off, harder);
            }
        }
    }

    private static List<string> Found(ContentRule rule)
    {
        var patterns = PatternSet.Compile([rule.Pattern]);
        return [.. Texts.Where(text => patterns.MatchesAny(text, new PatternMatch[1]) > 0)];
    }
}
