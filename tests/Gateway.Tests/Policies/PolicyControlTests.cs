using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;
using Gateway.Core.Policies.Versions;
using Gateway.Core.Telemetry;
using Gateway.Policies;
using static Gateway.Tests.Policies.ControlHarness;

namespace Gateway.Tests.Policies;

public sealed class PolicyControlTests : IDisposable
{
    private readonly ControlHarness _harness = new();

    private PolicyControl Control => _harness.Control;

    private PolicyStore Policies => _harness.Policies;

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task ApplyAsync_is_a_version_that_is_in_force_when_it_returns()
    {
        var result = await _harness.ApplyAsync(Document("o3"));

        Assert.Equal(ChangeStatus.Changed, result.Status);
        Assert.Equal((1, 1L, "ann"), (result.State.Revision, result.State.Version, result.State.ChangedBy));
        Assert.Equal(("ann", "because", ChangeSource.Api, null), (result.Version!.Author, result.Version.Reason, result.Version.Source, result.Version.Parent));
        Assert.Same(result.State, Control.Current);
        Assert.True(Allows("o3"));
        Assert.Equal(1, Policies.Current!.Revision);
        Assert.Equal(result.Version, (await Control.FindAsync(1, default))!.Info);
    }

    [Fact]
    public async Task ApplyAsync_follows_the_version_that_was_active()
    {
        await _harness.ApplyAsync(Document("o3"));

        var result = await _harness.ApplyAsync(Document("o4"));

        Assert.Equal((2L, 1L), (result.Version!.Number, result.Version.Parent));
        Assert.Equal([2, 1], (await Control.ListAsync(10, null, default)).Select(info => info.Number));
    }

    [Fact]
    public async Task ApplyAsync_of_what_is_active_changes_nothing_whatever_the_order()
    {
        await _harness.ApplyAsync(Document("o3"), Document("o4", "b.yaml", "globex"));

        var result = await _harness.ApplyAsync(Document("o4", "b.yaml", "globex"), Document("o3"));

        Assert.Equal(ChangeStatus.Unchanged, result.Status);
        Assert.Equal(1, Control.Current.Revision);
    }

    [Fact]
    public async Task ApplyAsync_of_bad_documents_tells_every_mistake_and_changes_nothing()
    {
        await _harness.ApplyAsync(Document("o3"));

        var result = await _harness.ApplyAsync(Document("o3") with { Content = "polcy: a"u8.ToArray() }, Document("o4", "../b.yaml", "globex"), Document("o4", "c.txt", "globex"));

        Assert.Equal(ChangeStatus.Invalid, result.Status);
        Assert.Equal(["a.yaml", "../b.yaml", "c.txt"], result.Errors.Select(error => error.Source.File).Distinct().OrderBy(name => name.TrimStart('.', '/')));
        Assert.Equal(1, (await _harness.Database.ReadAsync(default)).Revision);
        Assert.True(Allows("o3"));
    }

    [Fact]
    public async Task ApplyAsync_of_too_much_is_refused_before_it_is_compiled()
    {
        var large = Enumerable.Range(0, 17).Select(i => new PolicyFile($"{i}.yaml", new byte[PolicyFile.MaxBytes])).ToArray();

        var result = await _harness.ApplyAsync(large);

        Assert.Contains("bytes together", Assert.Single(result.Errors).Message);
    }

    [Fact]
    public async Task ApplyAsync_with_another_revision_than_expected_is_a_conflict_with_the_state_now()
    {
        await _harness.ApplyAsync(Document("o3"));
        await _harness.ApplyAsync(Document("o4"));

        var result = await Control.ApplyAsync([Document("o5")], Ann, expectedRevision: 1, default);

        Assert.Equal((ChangeStatus.Conflict, 2L), (result.Status, result.State.Revision));
        Assert.True(Allows("o4"));
    }

    [Fact]
    public async Task ApplyAsync_of_two_instances_at_once_for_one_revision_lets_one_through()
    {
        await _harness.ApplyAsync(Document("o3"));
        var other = _harness.Instance(_harness.OpenDatabase(), new PolicyStore());

        var results = await Task.WhenAll(
            Task.Run(async () => await Control.ApplyAsync([Document("o4")], Ann, 1, default)),
            Task.Run(async () => await other.ApplyAsync([Document("o5")], Ann, 1, default)));

        Assert.Equal([ChangeStatus.Changed, ChangeStatus.Conflict], results.Select(result => result.Status).Order());
        Assert.Equal(2, (await _harness.Database.ReadAsync(default)).Revision);
    }

    [Fact]
    public async Task AddOverrideAsync_without_an_expected_revision_is_made_again_when_another_came_first()
    {
        await _harness.ApplyAsync(Document("o3"));
        var other = _harness.Instance(_harness.OpenDatabase(), new PolicyStore());
        var store = new FailingStore(_harness.Database);
        store.BeforeCommit = async () =>
        {
            store.BeforeCommit = () => Task.CompletedTask;
            await other.AddOverrideAsync(Override("ov_other"), Ann, null, default);
        };
        var control = _harness.Instance(store, new PolicyStore());

        var result = await control.AddOverrideAsync(Override("ov_own"), Ann, null, default);

        Assert.Equal(ChangeStatus.Changed, result.Status);
        Assert.Equal(["ov_other", "ov_own"], result.State.Overrides.Select(one => one.Id));
    }

    [Fact]
    public async Task ActivateAsync_puts_an_older_version_back_without_a_new_number()
    {
        await _harness.ApplyAsync(Document("o3"));
        await _harness.ApplyAsync(Document("o4"));

        var result = await Control.ActivateAsync(1, Ann, null, default);

        Assert.Equal((ChangeStatus.Changed, 1L, 3L), (result.Status, result.State.Version, result.State.Revision));
        Assert.True(Allows("o3"));
        Assert.Equal(2, (await Control.ListAsync(10, null, default)).Count);
    }

    [Fact]
    public async Task ActivateAsync_of_an_unknown_or_the_active_version_changes_nothing()
    {
        await _harness.ApplyAsync(Document("o3"));

        Assert.Equal(ChangeStatus.NotFound, (await Control.ActivateAsync(7, Ann, null, default)).Status);
        Assert.Equal(ChangeStatus.Unchanged, (await Control.ActivateAsync(1, Ann, null, default)).Status);
        Assert.Equal(1, Control.Current.Revision);
    }

    [Fact]
    public async Task AddOverrideAsync_is_in_the_snapshot_when_it_returns_and_does_not_compile_anew()
    {
        await _harness.ApplyAsync(Document("o3"));
        var loaded = Policies.Current!;

        var result = await Control.AddOverrideAsync(Override(), Ann, 1, default);

        Assert.Equal(ChangeStatus.Changed, result.Status);
        Assert.Equal((2, "ov_1"), (Policies.Current!.Revision, Assert.Single(Policies.Current.Overrides.Overrides).Id));
        Assert.Same(loaded.Policies[0], Policies.Current.Policies[0]);
        Assert.Contains(await _harness.SamplesAsync("gateway_override_changes_total"), line => line == "gateway_override_changes_total{kind=\"tenant\",change=\"created\"} 1");
    }

    [Fact]
    public async Task AddOverrideAsync_of_one_that_exists_or_has_expired_is_refused()
    {
        await _harness.ApplyAsync(Document("o3"));
        await Control.AddOverrideAsync(Override(), Ann, null, default);

        Assert.Equal(ChangeStatus.Invalid, (await Control.AddOverrideAsync(Override(), Ann, null, default)).Status);
        Assert.Equal(ChangeStatus.Invalid, (await Control.AddOverrideAsync(Override("ov_2", minutes: 0), Ann, null, default)).Status);
        Assert.Equal(2, Control.Current.Revision);
    }

    [Fact]
    public async Task AddOverrideAsync_beyond_the_most_is_refused_until_one_expires()
    {
        var version = Stored(1, null, Document("o3"));
        await _harness.Database.TryCommitAsync(
            State(1, version, [.. Enumerable.Range(0, OverrideCompiler.Most).Select(i => Override($"ov_{i}", minutes: i + 1))]), version, default);
        await Control.StartAsync(default);

        Assert.Contains("is one too many", Assert.Single((await Control.AddOverrideAsync(Override("ov_x"), Ann, null, default)).Errors).Message);

        _harness.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ChangeStatus.Changed, (await Control.AddOverrideAsync(Override("ov_x"), Ann, null, default)).Status);
    }

    [Fact]
    public async Task RemoveOverrideAsync_takes_it_out_of_force()
    {
        await _harness.ApplyAsync(Document("o3"));
        await Control.AddOverrideAsync(Override(), Ann, null, default);

        Assert.Equal(ChangeStatus.NotFound, (await Control.RemoveOverrideAsync("ov_2", Ann, null, default)).Status);
        Assert.Equal(ChangeStatus.Changed, (await Control.RemoveOverrideAsync("ov_1", Ann, null, default)).Status);

        Assert.Empty(Policies.Current!.Overrides.Overrides);
        Assert.Contains("gateway_override_changes_total{kind=\"tenant\",change=\"removed\"} 1", await _harness.SamplesAsync("gateway_override_changes_total"));
    }

    [Fact]
    public async Task Any_change_drops_what_expired_more_than_a_minute_ago_and_nothing_else()
    {
        await _harness.ApplyAsync(Document("o3"));
        await Control.AddOverrideAsync(Override("ov_old", minutes: 1), Ann, null, default);
        await Control.AddOverrideAsync(Override("ov_late", minutes: 2), Ann, null, default);
        await Control.AddOverrideAsync(Override("ov_live", minutes: 9), Ann, null, default);
        _harness.Time.Advance(TimeSpan.FromMinutes(2.5));

        await _harness.ApplyAsync(Document("o4"));

        Assert.Equal(["ov_late", "ov_live"], Control.Current.Overrides.Select(one => one.Id));
    }

    [Fact]
    public async Task Every_change_is_told_with_revision_version_author_and_reason()
    {
        await _harness.ApplyAsync(Document("o3"));
        await Control.AddOverrideAsync(Override(), new ChangeContext("bob", "stop\nthis", ChangeSource.Api), null, default);

        Assert.Equal(
            [
                $"Policy change applied: revision 1, version 1 ({Policies.Current!.Version}), by ann: because",
                $"Policy change override_created: revision 2, version 1 ({Policies.Current.Version}), by bob: stop\uFFFDthis",
            ],
            _harness.Lines.Of(LogEvents.PolicyChanged));
        Assert.Contains("gateway_policy_propagation_seconds_count{source=\"api\"} 2", await _harness.SamplesAsync("gateway_policy_propagation_seconds_count"));
        Assert.Contains("gateway_policy_loads_total{result=\"success\"} 1", await _harness.SamplesAsync("gateway_policy_loads_total"));
    }

    [Fact]
    public async Task Reason_that_is_too_long_is_refused()
    {
        var result = await Control.ApplyAsync([Document("o3")], Ann with { Reason = new string('x', ChangeContext.MaxReason + 1) }, null, default);

        Assert.Equal(ChangeStatus.Invalid, result.Status);
        Assert.Equal(0, (await _harness.Database.ReadAsync(default)).Revision);
    }

    [Fact]
    public async Task StartAsync_puts_into_force_what_the_store_holds()
    {
        await _harness.ApplyAsync(Document("o3"));
        await Control.AddOverrideAsync(Override(), Ann, null, default);
        var policies = new PolicyStore();
        var later = _harness.Instance(_harness.OpenDatabase(), policies);

        Assert.True(await later.StartAsync(default));

        Assert.Equal(2, policies.Current!.Revision);
        Assert.Equal("ov_1", Assert.Single(policies.Current.Overrides.Overrides).Id);
        Assert.Null(later.Fault);
    }

    [Fact]
    public async Task Store_that_is_away_refuses_changes_keeps_what_is_in_force_and_says_so_until_it_is_back()
    {
        await _harness.ApplyAsync(Document("o3"));
        var store = new FailingStore(_harness.Database);
        var policies = new PolicyStore();
        var control = _harness.Instance(store, policies);
        await control.StartAsync(default);
        store.Fails = true;

        await Assert.ThrowsAsync<ControlStoreException>(async () => await control.ApplyAsync([Document("o4")], Ann, null, default));
        Assert.False(await control.RefreshAsync(default));

        Assert.Equal(1, policies.Current!.Revision);
        Assert.Equal("The store is away.", control.Fault);
        Assert.Single(_harness.Lines.Of(LogEvents.ControlStoreLost));
        store.Fails = false;
        Assert.True(await control.RefreshAsync(default));
        Assert.Null(control.Fault);
        Assert.Single(_harness.Lines.Of(LogEvents.ControlStoreBack));
    }

    private bool Allows(string model) => Policies.Current!.Attached(new PolicySubject("acme"))!.Models.Allows(model);
}
