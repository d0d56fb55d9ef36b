using Gateway.Core.Policies;
using Gateway.Core.Policies.Versions;
using Gateway.Core.Telemetry;
using Gateway.Policies;
using Gateway.Storage;
using Gateway.Tests.Storage;
using Microsoft.Data.Sqlite;
using static Gateway.Tests.Policies.ControlHarness;

namespace Gateway.Tests.Policies;

/// <summary>Several instances, stores that lose things, and versions that a build cannot enforce.</summary>
public sealed class PolicyControlFleetTests : IDisposable
{
    private readonly ControlHarness _harness = new();

    private PolicyControl Control => _harness.Control;

    private PolicyStore Policies => _harness.Policies;

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task RefreshAsync_takes_over_what_another_instance_made()
    {
        await _harness.ApplyAsync(Document("o3"));
        var policies = new PolicyStore();
        var other = _harness.Instance(_harness.OpenDatabase(), policies);
        await other.StartAsync(default);
        await _harness.ApplyAsync(Document("o4"));
        await Control.AddOverrideAsync(Override(), Ann, null, default);
        _harness.Time.Advance(TimeSpan.FromMilliseconds(300));

        Assert.True(await other.RefreshAsync(default));
        Assert.True(await other.RefreshAsync(default));

        Assert.Equal((3, Policies.Current!.Version), (policies.Current!.Revision, policies.Current.Version));
        Assert.Equal("ov_1", Assert.Single(policies.Current.Overrides.Overrides).Id);
        Assert.Contains("gateway_policy_propagation_seconds_sum{source=\"redis\"} 0.3", await _harness.SamplesAsync("gateway_policy_propagation_seconds_sum"));
    }

    [Fact]
    public async Task RefreshAsync_that_changes_only_overrides_does_not_load_documents()
    {
        await _harness.ApplyAsync(Document("o3"));
        var policies = new PolicyStore();
        var other = _harness.Instance(_harness.OpenDatabase(), policies);
        await other.StartAsync(default);
        var loaded = policies.Current!.Policies[0];
        await Control.AddOverrideAsync(Override(), Ann, null, default);

        await other.RefreshAsync(default);

        Assert.Same(loaded, policies.Current.Policies[0]);
        Assert.Equal(2, policies.Current.Revision);
    }

    [Fact]
    public async Task RefreshAsync_never_goes_back_to_an_older_revision_and_gives_the_store_back_what_it_lost()
    {
        await _harness.ApplyAsync(Document("o3"));
        await Control.AddOverrideAsync(Override(), Ann, null, default);
        using (var connection = new SqliteConnection($"Data Source={_harness.Database.Path};Pooling=False"))
        {
            connection.Open();
            DecisionDatabase.Execute(connection, "DELETE FROM state; DELETE FROM versions; DELETE FROM documents; DELETE FROM contents");
        }

        Assert.True(await Control.RefreshAsync(default));

        Assert.Equal(2, Policies.Current!.Revision);
        using var later = _harness.OpenDatabase();
        var state = await later.ReadAsync(default);
        Assert.Equal((2, "ov_1"), (state.Revision, Assert.Single(state.Overrides).Id));
        Assert.Equal(state.Hash, PolicyDocuments.Hash((await later.FindAsync(1, default))!.Documents));
        Assert.Single(_harness.Lines.Of(LogEvents.ControlStoreRestored));
    }

    [Fact]
    public async Task AddOverrideAsync_on_a_file_that_was_damaged_since_keeps_all_that_is_in_force()
    {
        await _harness.ApplyAsync(Document("o3"));
        await Control.AddOverrideAsync(Override(), Ann, null, default);
        _harness.Database.Damage();

        var result = await Control.AddOverrideAsync(Override("ov_2"), Ann, null, default);

        Assert.Equal((ChangeStatus.Changed, 3L), (result.Status, result.State.Revision));
        Assert.NotNull(_harness.Database.MovedAside);
        using var later = _harness.OpenDatabase();
        Assert.Equal(["ov_1", "ov_2"], (await later.ReadAsync(default)).Overrides.Select(one => one.Id));
    }

    [Fact]
    public async Task ApplyAsync_on_a_store_that_is_older_and_cannot_be_given_anything_is_refused()
    {
        await _harness.ApplyAsync(Document("o3"));
        await _harness.ApplyAsync(Document("o4"));
        var control = _harness.Instance(new FailingStore(_harness.Database), new PolicyStore());
        await control.StartAsync(default);
        await _harness.Database.MirrorAsync((await _harness.Database.ReadAsync(default)) with { Revision = 1 }, [], default);

        await Assert.ThrowsAsync<ControlStoreException>(async () => await control.ApplyAsync([Document("o5")], Ann, null, default));
        Assert.Contains("older", control.Fault);
    }

    [Fact]
    public async Task StartAsync_with_a_version_that_this_build_refuses_enforces_the_one_before_it_with_all_overrides()
    {
        var good = Stored(1, null, Document("o3"));
        var candidate = Stored(2, 1, Document("rolled-back"));
        var newer = Stored(3, 1, new PolicyFile("a.yaml", "policy: a\ntenants: [acme]\nfuture: 1\n"u8.ToArray()));
        await FillAsync(good, candidate, newer);
        await _harness.Database.TryCommitAsync(State(4, newer, Override()), null, default);

        await Control.StartAsync(default);

        Assert.True(Policies.Current!.Attached(new PolicySubject("acme"))!.Models.Allows("o3"));
        Assert.Equal("ov_1", Assert.Single(Policies.Current.Overrides.Overrides).Id);
        Assert.Equal((4, 3L, 1L), (Control.Current.Revision, Control.Current.Version, Control.InForce!.Number));
        Assert.Contains("Version 3 does not compile with this build; version 1 is enforced in its place.", Control.Fault);
        Assert.Contains(Control.FaultErrors, error => error.Message.Contains("future", StringComparison.Ordinal));
        Assert.Single(_harness.Lines.Of(LogEvents.PolicySubstituted));
    }

    [Fact]
    public async Task StartAsync_with_nothing_that_can_be_enforced_enforces_nothing()
    {
        await FillAsync(Stored(1, null, new PolicyFile("a.yaml", "future: 1\n"u8.ToArray())));

        await Control.StartAsync(default);

        Assert.Null(Policies.Current);
        Assert.Contains("traffic is refused", Control.Fault);
    }

    [Fact]
    public async Task RefreshAsync_to_a_version_that_this_build_refuses_keeps_the_documents_and_takes_the_overrides()
    {
        await _harness.ApplyAsync(Document("o3"));
        var newer = Stored(2, 1, new PolicyFile("a.yaml", "future: 1\n"u8.ToArray()));
        await _harness.Database.TryCommitAsync(State(2, newer, Override()), newer, default);

        Assert.True(await Control.RefreshAsync(default));

        Assert.Equal((2, "ov_1"), (Policies.Current!.Revision, Assert.Single(Policies.Current.Overrides.Overrides).Id));
        Assert.True(Policies.Current.Attached(new PolicySubject("acme"))!.Models.Allows("o3"));
        Assert.NotNull(Control.Fault);
        await _harness.ApplyAsync(Document("o4"));
        Assert.Null(Control.Fault);
    }

    [Fact]
    public async Task Version_whose_documents_were_changed_in_the_store_is_not_enforced()
    {
        var good = Stored(1, null, Document("o3"));
        var forged = Stored(2, 1, Document("o4")) with { Documents = [Document("*")] };
        await FillAsync(good, forged);

        await Control.StartAsync(default);

        Assert.Equal(1, Control.InForce!.Number);
        Assert.Contains(Control.FaultErrors, error => error.Message.Contains("hash is another", StringComparison.Ordinal));
        Assert.Equal(ChangeStatus.Invalid, (await Control.ActivateAsync(2, Ann, null, default)).Status);
    }

    [Fact]
    public async Task ApplyAsync_of_what_should_be_active_and_is_not_in_force_repairs_it()
    {
        var forged = Stored(2, 1, Document("o4")) with { Documents = [Document("*")] };
        await FillAsync(Stored(1, null, Document("o3")), forged);
        await Control.StartAsync(default);

        var result = await _harness.ApplyAsync(Document("o4"));

        Assert.Equal((ChangeStatus.Changed, 3L), (result.Status, result.State.Version));
        Assert.True(Policies.Current!.Attached(new PolicySubject("acme"))!.Models.Allows("o4"));
        Assert.Null(Control.Fault);
    }

    [Fact]
    public async Task Version_that_is_another_than_the_one_made_active_is_not_enforced()
    {
        var good = Stored(1, null, Document("o3"));
        var active = Stored(2, 1, Document("o4"));
        var swapped = Stored(2, 1, Document("*"));
        await FillAsync(good, swapped);
        await _harness.Database.TryCommitAsync(State(3, active), null, default);

        await Control.StartAsync(default);

        Assert.Equal(1, Control.InForce!.Number);
    }

    private async Task FillAsync(params StoredVersion[] versions)
    {
        for (var i = 0; i < versions.Length; i++)
        {
            Assert.True(await _harness.Database.TryCommitAsync(State(i + 1, versions[i]), versions[i], default));
        }
    }
}
