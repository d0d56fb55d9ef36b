using Gateway.Core.Decisions;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Versions;
using Gateway.Core.Telemetry;
using Gateway.Policies;
using Gateway.Tests.Telemetry;
using static Gateway.Tests.Policies.ControlHarness;

namespace Gateway.Tests.Policies;

/// <summary>Canaries: begin, judge, end.</summary>
public sealed class CanaryControlTests : IDisposable
{
    private readonly ControlHarness _harness = new();

    private PolicyControl Control => _harness.Control;

    private PolicyStore Policies => _harness.Policies;

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task StartCanaryAsync_puts_the_candidate_beside_the_incumbent()
    {
        await TwoVersionsAsync();

        var result = await Control.StartCanaryAsync(Canary(), new ChangeContext("ann", "a try", ChangeSource.Api), null, default);

        Assert.Equal(ChangeStatus.Changed, result.Status);
        Assert.Equal((Noon, "ann", "a try"), (result.State.Canary!.StartedAt, result.State.Canary.Author, result.State.Canary.Reason));
        Assert.Equal(1, result.State.Version);
        Assert.Equal((result.State.Revision, result.State.Revision), (Policies.Current!.Revision, Policies.Candidate!.Revision));
        Assert.NotEqual(Policies.Current.Version, Policies.Candidate.Version);
    }

    [Fact]
    public async Task StartCanaryAsync_with_documents_makes_a_version_that_is_not_active()
    {
        await _harness.ApplyAsync(Document("o3"));

        var result = await Control.StartCanaryAsync(Canary(), [Document("o4")], Ann, null, default);

        Assert.Equal((ChangeStatus.Changed, 1L, 2L), (result.Status, result.State.Version, result.State.Canary!.Version));
        Assert.Equal(2, (await Control.ListAsync(10, null, default))[0].Number);
        Assert.True(Policies.Candidate!.Attached(new PolicySubject("acme"))!.Models.Allows("o4"));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(101)]
    public async Task StartCanaryAsync_with_a_percentage_that_is_none_is_refused(int percent)
    {
        await TwoVersionsAsync();

        Assert.Equal(ChangeStatus.Invalid, (await Control.StartCanaryAsync(Canary(percent: percent), Ann, null, default)).Status);
    }

    [Fact]
    public async Task StartCanaryAsync_of_the_active_or_no_version_is_refused()
    {
        await TwoVersionsAsync();

        Assert.Equal(ChangeStatus.Invalid, (await Control.StartCanaryAsync(Canary(version: 1), Ann, null, default)).Status);
        Assert.Equal(ChangeStatus.NotFound, (await Control.StartCanaryAsync(Canary(version: 9), Ann, null, default)).Status);
        Assert.Equal(ChangeStatus.Invalid, (await Control.StartCanaryAsync(Canary(), [Document("o3")], Ann, null, default)).Status);
        Assert.Null(Policies.Candidate);
    }

    [Fact]
    public async Task Overrides_apply_to_both_sides_and_do_not_make_the_count_begin_anew()
    {
        await TwoVersionsAsync();
        await Control.StartCanaryAsync(Canary(), Ann, null, default);
        var trial = Policies.Trial;

        await Control.AddOverrideAsync(Override(), Ann, null, default);

        Assert.Same(trial, Policies.Trial);
        Assert.Single(Policies.Current!.Overrides.Overrides);
        Assert.Single(Policies.Candidate!.Overrides.Overrides);
    }

    [Fact]
    public async Task StartCanaryAsync_of_a_larger_share_counts_anew_and_covers_whom_it_covered()
    {
        await TwoVersionsAsync();
        await Control.StartCanaryAsync(Canary(percent: 10), Ann, null, default);
        var small = Policies.Trial!;
        _harness.Time.Advance(TimeSpan.FromMinutes(1));

        await Control.StartCanaryAsync(Canary(percent: 30), Ann, null, default);

        Assert.NotSame(small, Policies.Trial);
        Assert.All(Enumerable.Range(0, 500).Select(i => $"k{i}").Where(key => small.Covers("acme", key)), key => Assert.True(Policies.Trial!.Covers("acme", key)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Change_of_the_active_version_ends_the_canary(bool activate)
    {
        await TwoVersionsAsync();
        await Control.StartCanaryAsync(Canary(), Ann, null, default);

        var result = activate ? await Control.ActivateAsync(2, Ann, null, default) : await _harness.ApplyAsync(Document("o5"));

        Assert.Null(result.State.Canary);
        Assert.Null(Policies.Candidate);
        Assert.Null(Policies.Choose("acme", "k").Variant);
    }

    [Fact]
    public async Task StopCanaryAsync_gives_all_traffic_to_the_incumbent()
    {
        await TwoVersionsAsync();
        await Control.StartCanaryAsync(Canary(), Ann, null, default);

        Assert.Equal(ChangeStatus.Changed, (await Control.StopCanaryAsync(Ann, null, default)).Status);

        Assert.Null(Policies.Candidate);
        Assert.Equal(ChangeStatus.NotFound, (await Control.StopCanaryAsync(Ann, null, default)).Status);
    }

    [Fact]
    public async Task PromoteCanaryAsync_makes_the_candidate_active()
    {
        await TwoVersionsAsync();
        await Control.StartCanaryAsync(Canary(), Ann, null, default);
        var candidate = Policies.Candidate!.Version;

        var result = await Control.PromoteCanaryAsync(Ann, null, default);

        Assert.Equal((ChangeStatus.Changed, 2L, null), (result.Status, result.State.Version, result.State.Canary));
        Assert.Equal(candidate, Policies.Current!.Version);
        Assert.Equal(ChangeStatus.NotFound, (await Control.PromoteCanaryAsync(Ann, null, default)).Status);
    }

    [Fact]
    public async Task Canary_goes_on_after_a_restart()
    {
        await TwoVersionsAsync();
        await Control.StartCanaryAsync(Canary(), Ann, null, default);
        var policies = new PolicyStore();

        await _harness.Instance(_harness.OpenDatabase(), policies).StartAsync(default);

        Assert.Equal(Policies.Candidate!.Version, policies.Candidate!.Version);
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(Policies.Choose("acme", $"k{i}").Variant, policies.Choose("acme", $"k{i}").Variant));
    }

    [Fact]
    public async Task Candidate_that_this_build_refuses_gets_no_traffic_and_that_is_said()
    {
        await TwoVersionsAsync();
        var newer = Stored(3, 1, new PolicyFile("a.yaml", "future: 1\n"u8.ToArray()));
        var state = Control.Current;
        await _harness.Database.TryCommitAsync(state with { Revision = state.Revision + 1, Canary = Canary(3) with { StartedAt = Noon } }, newer, default);

        await Control.RefreshAsync(default);

        Assert.Null(Policies.Candidate);
        Assert.Contains("canary's version 3", Control.Fault);
    }

    [Fact]
    public async Task Watch_past_a_limit_ends_the_canary_with_the_numbers()
    {
        await TwoVersionsAsync();
        await Control.StartCanaryAsync(Canary(), Ann, null, default);
        Complete(PolicyVariant.Incumbent, 100, Outcome.Allowed);
        Complete(PolicyVariant.Candidate, 100, Outcome.Blocked);

        Assert.True(await Watch().LookAsync(default));

        Assert.Null(Policies.Candidate);
        Assert.Equal((1L, "canary"), (Control.Current.Version, Control.Current.ChangedBy));
        Assert.Contains("stopped 100.0 % of 100 exchanges", Assert.Single(_harness.Lines.Of(LogEvents.CanaryRolledBack)));
    }

    [Fact]
    public async Task Watch_within_the_limits_leaves_the_canary_alone()
    {
        await TwoVersionsAsync();
        await Control.StartCanaryAsync(Canary(), Ann, null, default);
        Complete(PolicyVariant.Incumbent, 100, Outcome.Allowed);
        Complete(PolicyVariant.Candidate, 100, Outcome.Allowed);

        Assert.False(await Watch().LookAsync(default));
        Assert.NotNull(Policies.Candidate);
    }

    [Fact]
    public async Task Watch_without_a_canary_does_nothing()
    {
        await TwoVersionsAsync();

        Assert.False(await Watch().LookAsync(default));
    }

    [Fact]
    public async Task Watch_ends_a_canary_whose_blocks_were_reviewed_as_benign()
    {
        await TwoVersionsAsync();
        await Control.StartCanaryAsync(Canary(), Ann, null, default);
        var reviews = new Reviews(4);

        Assert.True(await Watch(reviews).LookAsync(default));
        Assert.Equal(Noon, reviews.Since);
    }

    [Fact]
    public async Task Watch_does_not_end_a_canary_that_replaced_the_one_it_judged()
    {
        await TwoVersionsAsync();
        await Control.StartCanaryAsync(Canary(), Ann, null, default);
        var reviews = new Reviews(4) { Meanwhile = async () => await Control.StartCanaryAsync(Canary(percent: 1), Ann, null, default) };

        Assert.False(await Watch(reviews).LookAsync(default));
        Assert.Equal(1, Control.Current.Canary!.Percent);
    }

    [Fact]
    public async Task Watch_by_itself_looks_every_second_and_outlives_a_failing_look()
    {
        await TwoVersionsAsync();
        await Control.StartCanaryAsync(Canary(), Ann, null, default);
        var reviews = new Reviews(4) { Failures = 1 };
        using var watch = Watch(reviews);
        await watch.StartAsync(default);

        while (Policies.Candidate is not null)
        {
            _harness.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await watch.StopAsync(default);
        Assert.Single(_harness.Lines.Of(LogEvents.CanaryNotJudged));
    }

    [Fact]
    public async Task Expiry_is_told_once_and_only_of_what_ended_since_the_start()
    {
        await _harness.ApplyAsync(Document("o3"));
        await Control.AddOverrideAsync(Override("ov_early", minutes: 1), Ann, null, default);
        await Control.AddOverrideAsync(Override("ov_late", minutes: 3), Ann, null, default);
        await Control.AddOverrideAsync(Override("ov_live", minutes: 9), Ann, null, default);
        _harness.Time.Advance(TimeSpan.FromMinutes(2));
        var expiry = new OverrideExpiry(Control, _harness.Time, _harness.Metrics, _harness.Log);

        expiry.Look();
        _harness.Time.Advance(TimeSpan.FromMinutes(1));
        expiry.Look();
        expiry.Look();

        Assert.Equal("Override ov_late (tenant) of ann expired: an attack", Assert.Single(_harness.Lines.Of(LogEvents.OverrideExpired)));
        Assert.Contains("gateway_override_changes_total{kind=\"tenant\",change=\"expired\"} 1", await _harness.SamplesAsync("gateway_override_changes_total"));
    }

    private CanaryWatch Watch(ICanaryReviews? reviews = null) =>
        new(Control, Policies, reviews ?? new NoCanaryReviews(), _harness.Time, _harness.Log);

    private async Task TwoVersionsAsync()
    {
        await _harness.ApplyAsync(Document("o3"));
        await _harness.ApplyAsync(Document("o4"));
        await Control.ActivateAsync(1, Ann, null, default);
    }

    private void Complete(PolicyVariant variant, int count, Outcome outcome)
    {
        for (var i = 0; i < count; i++)
        {
            Policies.Trial!.Count(variant, BridgeFixture.Allowed with { Outcome = outcome });
        }
    }

    private sealed class Reviews(int falsePositives) : ICanaryReviews
    {
        public Func<Task> Meanwhile { get; init; } = () => Task.CompletedTask;

        public int Failures { get; set; }

        public DateTimeOffset Since { get; private set; }

        public async ValueTask<int> FalsePositivesAsync(string version, DateTimeOffset since, CancellationToken cancellationToken)
        {
            if (Failures-- > 0)
            {
                throw new InvalidOperationException("The reviews are away.");
            }

            Since = since;
            await Meanwhile();
            return falsePositives;
        }
    }
}
