using CsCheck;
using Gateway.Core.Decisions;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Versions;
using Gateway.Core.Tests.Telemetry;
using Xunit;

namespace Gateway.Core.Tests.Policies.Versions;

public sealed class CanaryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Covers_is_stable_and_grows_with_the_percentage() => Gen.Select(Gen.String, Gen.String, Gen.Int[0, 100], Gen.Int[0, 100]).Sample((tenant, key, one, other) =>
    {
        var (few, many) = (Math.Min(one, other), Math.Max(one, other));
        Assert.Equal(Trial(few).Covers(tenant, key), Trial(few).Covers(tenant, key));
        Assert.True(!Trial(few).Covers(tenant, key) || Trial(many).Covers(tenant, key));
    });

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(50)]
    public void Covers_is_about_the_percentage_of_similar_keys(int percent)
    {
        var trial = Trial(percent);

        var covered = Enumerable.Range(0, 20_000).Count(i => trial.Covers("acme", $"gk_{i:d6}"));

        // Six standard deviations of a fair draw.
        var spread = 6 * Math.Sqrt(20_000 * (percent / 100.0) * (1 - (percent / 100.0)));
        Assert.InRange(covered, (200 * percent) - spread, (200 * percent) + spread);
    }

    [Fact]
    public void Covers_at_0_and_100_percent_is_nobody_and_everybody()
    {
        var keys = Enumerable.Range(0, 1_000).Select(i => $"k{i}").ToList();

        Assert.DoesNotContain(keys, key => Trial(0).Covers("acme", key));
        Assert.All(keys, key => Assert.True(Trial(100).Covers("acme", key)));
    }

    [Fact]
    public void Covers_a_named_tenant_whatever_the_key()
    {
        var trial = Trial(0, "acme");

        Assert.True(trial.Covers("acme", "k"));
        Assert.True(trial.Covers("acme", null));
        Assert.False(trial.Covers("ACME", "k"));
    }

    [Fact]
    public void Covers_other_keys_first_for_another_candidate()
    {
        var (one, other) = (Trial(10, candidate: "aaaaaaaaaaaa"), Trial(10, candidate: "bbbbbbbbbbbb"));

        Assert.Contains(Enumerable.Range(0, 1_000), i => one.Covers("acme", $"k{i}") != other.Covers("acme", $"k{i}"));
    }

    [Fact]
    public void Covers_keeps_tenant_and_key_apart()
    {
        var trial = Trial(50);

        Assert.Contains(Enumerable.Range(0, 100), i => trial.Covers($"t{i}", "xk") != trial.Covers($"t{i}x", "k"));
    }

    [Theory]
    [InlineData(Outcome.Allowed, 0, 0)]
    [InlineData(Outcome.Cancelled, 0, 0)]
    [InlineData(Outcome.Blocked, 1, 0)]
    [InlineData(Outcome.Cut, 1, 0)]
    [InlineData(Outcome.Limited, 1, 0)]
    [InlineData(Outcome.Refused, 1, 0)]
    [InlineData(Outcome.Failed, 0, 1)]
    [InlineData(Outcome.UpstreamFailed, 0, 1)]
    public void Count_takes_each_outcome_for_what_it_is(Outcome outcome, int stopped, int failed)
    {
        var trial = Trial(10);

        trial.Count(PolicyVariant.Candidate, SampleRecords.Allowed with { Outcome = outcome });

        Assert.Equal((1, stopped, failed), (trial.Candidate.Exchanges, trial.Candidate.Stopped, trial.Candidate.Failed));
        Assert.Equal(0, trial.Incumbent.Exchanges);
    }

    [Fact]
    public void AddedMsP95_is_within_a_quarter_of_the_true_value() => Gen.Double[0.02, 10_000].Array[1, 200].Sample(times =>
    {
        var side = new CanarySide();
        foreach (var time in times)
        {
            side.Count(SampleRecords.Allowed with { DurationMs = time + 100, UpstreamMs = 100 });
        }

        var sorted = times.Order().ToArray();
        var exact = sorted[(int)Math.Ceiling(sorted.Length * 0.95) - 1];
        Assert.InRange(side.AddedMsP95, exact * 0.999, exact * 1.26);
    });

    [Fact]
    public void AddedMsP95_counts_only_what_went_through()
    {
        var side = new CanarySide();

        side.Count(SampleRecords.Allowed with { Outcome = Outcome.Cancelled, DurationMs = 60_000, UpstreamMs = null });

        Assert.Equal(0, side.AddedMsP95);
    }

    [Fact]
    public void Verdict_of_equal_sides_is_none() => Assert.Null(CanaryVerdict.Of(Counted((100, Outcome.Blocked, 10), (100, Outcome.Blocked, 10)), 0));

    [Fact]
    public void Verdict_past_the_block_rate_says_the_numbers()
    {
        var reason = CanaryVerdict.Of(Counted((100, Outcome.Blocked, 1), (100, Outcome.Blocked, 10)), 0);

        Assert.Equal("the candidate stopped 10.0 % of 100 exchanges, the incumbent 1.0 % of 100; the limit is a difference of 5.0 %", reason);
    }

    [Fact]
    public void Verdict_past_the_error_rate_is_told() =>
        Assert.Contains("failed 3.0 %", CanaryVerdict.Of(Counted((100, Outcome.Failed, 0), (100, Outcome.UpstreamFailed, 3)), 0));

    [Fact]
    public void Verdict_at_the_limit_is_none() => Assert.Null(CanaryVerdict.Of(Counted((100, Outcome.Failed, 0), (100, Outcome.Failed, 2)), 0));

    [Theory]
    [InlineData(49, 100)]
    [InlineData(100, 49)]
    public void Verdict_waits_for_the_smallest_number_on_both_sides(int incumbent, int candidate) =>
        Assert.Null(CanaryVerdict.Of(Counted((incumbent, Outcome.Blocked, 0), (candidate, Outcome.Blocked, candidate)), 0));

    [Fact]
    public void Verdict_of_false_positives_waits_for_nothing() =>
        Assert.Contains("4 exchanges", CanaryVerdict.Of(Counted((0, Outcome.Blocked, 0), (4, Outcome.Blocked, 4)), 4));

    [Theory]
    [InlineData(4, 20, true)]
    [InlineData(10, 15, false)]
    [InlineData(0.1, 1, false)]
    public void Verdict_of_latency_needs_ratio_and_size(double incumbentMs, double candidateMs, bool past)
    {
        var trial = Trial(10);
        for (var i = 0; i < 100; i++)
        {
            trial.Count(PolicyVariant.Incumbent, SampleRecords.Allowed with { DurationMs = incumbentMs, UpstreamMs = null });
            trial.Count(PolicyVariant.Candidate, SampleRecords.Allowed with { DurationMs = candidateMs, UpstreamMs = null });
        }

        Assert.Equal(past, CanaryVerdict.Of(trial, 0) is not null);
    }

    private static CanaryTrial Trial(int percent, string? tenant = null, string candidate = "0123456789ab") => new(
        new Canary(2, percent, tenant is null ? [] : [tenant], new CanaryLimits(), Noon, "ann", "a try"), candidate);

    private static CanaryTrial Counted((int All, Outcome Outcome, int Count) incumbent, (int All, Outcome Outcome, int Count) candidate)
    {
        var trial = Trial(10);
        Fill(PolicyVariant.Incumbent, incumbent);
        Fill(PolicyVariant.Candidate, candidate);
        return trial;

        void Fill(PolicyVariant variant, (int All, Outcome Outcome, int Count) side)
        {
            for (var i = 0; i < side.All; i++)
            {
                trial.Count(variant, SampleRecords.Allowed with { Outcome = i < side.Count ? side.Outcome : Outcome.Allowed });
            }
        }
    }
}
