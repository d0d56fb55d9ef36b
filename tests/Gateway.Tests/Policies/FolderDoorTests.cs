using System.Text;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Versions;
using Gateway.Core.Telemetry;
using Gateway.Policies;
using Gateway.Storage;
using static Gateway.Tests.Policies.ControlHarness;

namespace Gateway.Tests.Policies;

/// <summary>What a folder brings, at the start and later, next to what came by the other door.</summary>
public sealed class FolderDoorTests : IDisposable
{
    private readonly ControlHarness _harness = new();
    private PolicyStore _policies = new();
    private PolicyControl _control;
    private FolderDoor _door;

    public FolderDoorTests() => (_control, _door) = Start(builtInWhenMissing: true);

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task BringAsync_of_a_new_folder_is_a_version_of_the_folder()
    {
        await BringAsync(Document("o3"));

        var version = Assert.Single(await _control.ListAsync(10, null, default));
        Assert.Equal(("folder", "policies folder changed", ChangeSource.Folder), (version.Author, version.Reason, version.Source));
        Assert.True(Allows("o3"));
        Assert.Null(_control.Drift);
    }

    [Fact]
    public async Task BringAsync_of_the_same_folder_after_a_restart_keeps_what_came_by_the_api_and_shows_the_drift()
    {
        await BringAsync(Document("o3"), Document("o3", "b.yaml", "globex"));
        await _control.ApplyAsync([Document("o4"), Document("o3", "c.yaml", "globex")], Ann, null, default);

        await RestartAsync(Document("o3"), Document("o3", "b.yaml", "globex"));

        Assert.True(Allows("o4"));
        Assert.Equal(2, _control.Current.Revision);
        Assert.Equal("b.yaml", Assert.Single(_control.Drift!.Added));
        Assert.Equal("c.yaml", Assert.Single(_control.Drift.Removed));
        Assert.Equal("a.yaml", Assert.Single(_control.Drift.Changed));
        Assert.Contains("gateway_policy_drift 1", await _harness.SamplesAsync("gateway_policy_drift"));
    }

    [Fact]
    public async Task BringAsync_of_a_folder_that_changed_while_the_gateway_was_stopped_applies_it()
    {
        await BringAsync(Document("o3"));
        await _control.ApplyAsync([Document("o4")], Ann, null, default);

        await RestartAsync(Document("o5"));

        Assert.True(Allows("o5"));
        Assert.Equal(3, _control.Current.Version);
    }

    [Fact]
    public async Task BringAsync_of_an_older_content_again_is_a_change_like_any_other()
    {
        await BringAsync(Document("o3"));
        await BringAsync(Document("o4"));

        await BringAsync(Document("o3"));

        Assert.True(Allows("o3"));
        Assert.Equal(3, _control.Current.Version);
    }

    [Fact]
    public async Task BringAsync_of_what_the_api_applied_already_is_remembered_so_that_a_fresh_instance_does_not_undo_what_comes_later()
    {
        await BringAsync(Document("o3"));
        await _control.ApplyAsync([Document("o4")], Ann, null, default);
        await BringAsync(Document("o4"));
        await _control.ApplyAsync([Document("o5")], Ann, null, default);

        await FreshAsync(Document("o4"));

        Assert.True(Allows("o5"));
        Assert.Equal(3, _control.Current.Version);
    }

    [Fact]
    public async Task BringAsync_of_a_folder_that_lags_behind_the_fleet_does_not_bring_it_back()
    {
        await BringAsync(Document("o3"));
        var lagging = Start(builtInWhenMissing: true);
        await lagging.Door.OpenAsync(default);
        await lagging.Door.BringAsync(Content(Document("o3")), default);
        await BringAsync(Document("o4"));

        await lagging.Door.OpenAsync(default);
        await lagging.Door.BringAsync(Content(Document("o4")), default);

        Assert.Equal(2, (await _harness.Database.ReadAsync(default)).Version);
    }

    [Fact]
    public async Task BringAsync_of_a_broken_folder_keeps_what_is_in_force_and_tells_every_mistake()
    {
        await BringAsync(Document("o3"));
        var broken = new PolicyFile("b.yaml", Encoding.UTF8.GetBytes("polcy: q\n"));

        var brought = await _door.BringAsync(new PolicyFolderContent([broken], [new PolicyError(new PolicySource("link.yaml", 0, 0), "no")], Exists: true), default);

        Assert.Equal(["link.yaml", "b.yaml"], brought.Errors.Select(error => error.Source.File).Distinct());
        Assert.True(brought.IsFinal);
        Assert.True(Allows("o3"));
        Assert.Equal(1, _control.Current.Revision);
    }

    [Fact]
    public async Task BringAsync_of_a_missing_folder_after_a_restart_keeps_the_stores_version()
    {
        await BringAsync(Document("o3"));

        await RestartMissingAsync(builtInWhenMissing: true);

        Assert.True(Allows("o3"));
        Assert.False(_door.UsesBuiltIn);
        Assert.Equal(1, _control.Current.Revision);
    }

    [Fact]
    public async Task BringAsync_of_a_missing_folder_that_somebody_named_keeps_the_stores_version_and_says_so()
    {
        await BringAsync(Document("o3"));

        var brought = await RestartMissingAsync(builtInWhenMissing: false);

        Assert.Contains("does not exist", Assert.Single(brought.Errors).Message);
        Assert.True(Allows("o3"));
    }

    [Fact]
    public async Task BringAsync_of_a_missing_folder_uses_the_built_in_policy_once_and_again_after_a_restart()
    {
        await RestartMissingAsync(builtInWhenMissing: true);
        Assert.True(_door.UsesBuiltIn);

        await RestartMissingAsync(builtInWhenMissing: true);

        Assert.True(_door.UsesBuiltIn);
        Assert.Equal(ChangeSource.BuiltIn, Assert.Single(await _control.ListAsync(10, null, default)).Source);
    }

    [Fact]
    public async Task BringAsync_of_a_missing_folder_does_not_replace_what_the_api_applied_over_the_built_in_policy()
    {
        await RestartMissingAsync(builtInWhenMissing: true);
        await _control.ApplyAsync([Document("o4")], Ann, null, default);

        await RestartMissingAsync(builtInWhenMissing: true);

        Assert.True(Allows("o4"));
    }

    [Fact]
    public async Task BringAsync_while_the_store_is_away_is_to_be_tried_again()
    {
        var store = new FailingStore(_harness.Database) { Fails = true };
        var control = _harness.Instance(store, _policies);
        var door = new FolderDoor(control, _harness.Database, builtInWhenMissing: false, _harness.Time);
        await door.OpenAsync(default);

        var failed = await door.BringAsync(Content(Document("o3")), default);
        Assert.False(failed.IsFinal);
        Assert.Equal("The store is away.", Assert.Single(failed.Errors).Message);
        Assert.Null(_policies.Current);

        store.Fails = false;
        Assert.Empty((await door.BringAsync(Content(Document("o3")), default)).Errors);
        Assert.True(Allows("o3"));
    }

    [Fact]
    public async Task BringAsync_of_known_documents_that_this_build_refuses_tells_their_mistakes()
    {
        var newer = new PolicyFile("a.yaml", "future: 1\n"u8.ToArray());
        var version = Stored(1, null, newer);
        await _harness.Database.TryCommitAsync(State(1, version) with { FolderHash = version.Info.Hash }, version, default);

        Assert.NotEmpty((await RestartAsync(newer)).Errors);
    }

    [Fact]
    public async Task Drift_is_logged_once_for_each_change_of_it()
    {
        await BringAsync(Document("o3"));
        await _control.ApplyAsync([Document("o4")], Ann, null, default);
        await BringAsync(Document("o3"));
        await _control.AddOverrideAsync(Override(), Ann, null, default);
        await _control.ActivateAsync(1, Ann, null, default);

        Assert.Single(_harness.Lines.Of(LogEvents.PolicyDrifted));
        Assert.Single(_harness.Lines.Of(LogEvents.PolicyDriftEnded));
        Assert.Null(_control.Drift);
    }

    private static PolicyFolderContent Content(params PolicyFile[] documents) => new(documents, [], Exists: true);

    private (PolicyControl Control, FolderDoor Door) Start(bool builtInWhenMissing)
    {
        _policies = new PolicyStore();
        var database = _harness.OpenDatabase();
        var control = _harness.Instance(database, _policies);
        return (control, new FolderDoor(control, database, builtInWhenMissing, _harness.Time));
    }

    private async Task BringAsync(params PolicyFile[] documents) => Assert.Empty((await _door.BringAsync(Content(documents), default)).Errors);

    private async Task<Brought> RestartAsync(params PolicyFile[] documents)
    {
        (_control, _door) = Start(builtInWhenMissing: true);
        await _door.OpenAsync(default);
        return await _door.BringAsync(Content(documents), default);
    }

    // An instance of the fleet with the shared store and an empty data folder.
    private async Task FreshAsync(params PolicyFile[] documents)
    {
        _policies = new PolicyStore();
        var own = new ControlDatabase(
            Path.Combine(_harness.Folder, "fresh"), _harness.Time, Microsoft.Extensions.Logging.Abstractions.NullLogger<ControlDatabase>.Instance);
        using (own)
        {
            _control = _harness.Instance(_harness.OpenDatabase(), _policies);
            _door = new FolderDoor(_control, own, builtInWhenMissing: true, _harness.Time);
            await _door.OpenAsync(default);
            await BringAsync(documents);
        }
    }

    private async Task<Brought> RestartMissingAsync(bool builtInWhenMissing)
    {
        (_control, _door) = Start(builtInWhenMissing);
        await _door.OpenAsync(default);
        return await _door.BringAsync(
            new PolicyFolderContent([], [new PolicyError(new PolicySource("policies", 0, 0), "the policies folder does not exist")], Exists: false), default);
    }

    private bool Allows(string model) => _policies.Current!.Attached(new PolicySubject("acme"))!.Models.Allows(model);
}
