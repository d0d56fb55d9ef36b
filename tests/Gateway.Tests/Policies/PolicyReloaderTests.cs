using Gateway.Core.Policies;
using Gateway.Core.Guards;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static Gateway.Tests.Policies.ReloaderHarness;

namespace Gateway.Tests.Policies;

public sealed class PolicyReloaderTests
{
    [Fact]
    public async Task Start_good_folder_is_in_force_before_start_returns()
    {
        await using var harness = new ReloaderHarness();
        harness.Write("a.yaml", Document("o3"));

        await harness.StartAsync();

        Assert.True(harness.Store.Current!.Attached(new PolicySubject("acme"))!.Models.Allows("o3"));
        Assert.True((await harness.NextAsync()).Status.Succeeded);
    }

    [Theory]
    [InlineData("policy: [")]
    [InlineData("")]
    public async Task Start_broken_document_leaves_nothing_in_force_and_does_not_throw(string text)
    {
        await using var harness = new ReloaderHarness(builtInWhenMissing: true);
        harness.Write("a.yaml", text);

        await harness.StartAsync();

        Assert.Null(harness.Store.Current);
        Assert.False(harness.Store.LastLoad!.Succeeded);
    }

    [Fact]
    public async Task Start_empty_folder_leaves_nothing_in_force_even_when_the_built_in_policy_is_wanted()
    {
        await using var harness = new ReloaderHarness(builtInWhenMissing: true);

        await harness.StartAsync();

        Assert.Null(harness.Store.Current);
    }

    [Fact]
    public async Task Start_missing_folder_uses_the_built_in_policy_where_nobody_named_a_folder()
    {
        await using var harness = new ReloaderHarness(builtInWhenMissing: true, createFolder: false);

        await harness.StartAsync();

        Assert.Equal("default", harness.Store.Current!.Attached(new PolicySubject("anyone"))!.Name);
        Assert.True(harness.Reloader.UsesBuiltIn);
    }

    [Fact]
    public async Task Start_missing_folder_that_somebody_named_is_refused()
    {
        await using var harness = new ReloaderHarness(createFolder: false);

        await harness.StartAsync();

        Assert.Null(harness.Store.Current);
        Assert.Contains("does not exist", Assert.Single(harness.Store.LastLoad!.Errors).Message);
    }

    [Fact]
    public async Task Running_correction_of_a_broken_start_takes_effect()
    {
        await using var harness = new ReloaderHarness();
        harness.Write("a.yaml", "policy: [");
        await harness.StartAsync();

        harness.Write("a.yaml", Document("o3"));

        await harness.UntilAsync((status, snapshot) => status.Succeeded && snapshot is not null);
    }

    [Fact]
    public async Task Running_change_takes_effect_with_a_new_version()
    {
        await using var harness = new ReloaderHarness();
        harness.Write("a.yaml", Document("o3"));
        await harness.StartAsync();
        var before = harness.Store.Current!.Version;

        harness.Write("a.yaml", Document("gpt-5"));

        var (_, snapshot) = await harness.UntilAsync((_, snapshot) => snapshot!.Attached(new PolicySubject("acme"))!.Models.Allows("gpt-5"));
        Assert.NotEqual(before, snapshot!.Version);
        Assert.Same(snapshot, harness.Store.Current);
    }

    [Fact]
    public async Task Running_broken_change_keeps_the_last_good_snapshot_and_reports_the_errors()
    {
        await using var harness = new ReloaderHarness();
        harness.Write("a.yaml", Document("o3"));
        await harness.StartAsync();
        var good = harness.Store.Current;

        harness.Write("b.yaml", "polcy: q\n");

        var (status, snapshot) = await harness.UntilAsync((status, _) => status.Errors.Any(error => error.Message.Contains("polcy")));
        Assert.Same(good, snapshot);
        Assert.Same(good, harness.Store.Current);
        Assert.All(status.Errors, error => Assert.Equal("b.yaml", error.Source.File));
    }

    [Fact]
    public async Task Running_return_to_the_documents_in_force_ends_the_failure()
    {
        await using var harness = new ReloaderHarness();
        harness.Write("a.yaml", Document("o3"));
        await harness.StartAsync();
        harness.Write("b.yaml", "polcy: q\n");
        await harness.UntilAsync((status, _) => !status.Succeeded);

        File.Delete(Path.Combine(harness.Folder, "b.yaml"));

        await harness.UntilAsync((status, _) => status.Succeeded);
        Assert.True(harness.Store.LastLoad!.Succeeded);
    }

    [Fact]
    public async Task Running_folder_that_disappears_keeps_the_last_good_snapshot_and_never_the_built_in_policy()
    {
        await using var harness = new ReloaderHarness(builtInWhenMissing: true);
        harness.Write("a.yaml", Document("o3"));
        await harness.StartAsync();
        await harness.NextAsync();

        Directory.Move(harness.Folder, harness.Folder + "-gone");

        var (status, snapshot) = await harness.UntilAsync((status, _) => !status.Succeeded);
        Assert.Contains("does not exist", Assert.Single(status.Errors).Message);
        Assert.Null(snapshot!.Attached(new PolicySubject("anyone")));
    }

    [Fact]
    public async Task Running_folder_that_appears_replaces_the_built_in_policy()
    {
        await using var harness = new ReloaderHarness(builtInWhenMissing: true, createFolder: false);
        await harness.StartAsync();
        await harness.NextAsync();
        var prepared = Path.Combine(harness.Root, "prepared");
        Directory.CreateDirectory(prepared);
        File.WriteAllText(Path.Combine(prepared, "a.yaml"), Document("o3"));

        Directory.Move(prepared, harness.Folder);

        await harness.UntilAsync((_, snapshot) => snapshot!.Attached(new PolicySubject("acme"))?.Name == "p");
        Assert.False(harness.Reloader.UsesBuiltIn);
    }

    [Fact]
    public async Task Running_swapped_links_of_a_config_map_take_effect()
    {
        await using var harness = new ReloaderHarness();
        Version("..v1", "o3");
        Directory.CreateSymbolicLink(Path.Combine(harness.Folder, "..data"), "..v1");
        File.CreateSymbolicLink(Path.Combine(harness.Folder, "a.yaml"), "..data/a.yaml");
        await harness.StartAsync();

        Version("..v2", "gpt-5");
        File.Delete(Path.Combine(harness.Folder, "..data"));
        Directory.CreateSymbolicLink(Path.Combine(harness.Folder, "..data"), "..v2");

        await harness.UntilAsync((_, snapshot) => snapshot!.Attached(new PolicySubject("acme"))!.Models.Allows("gpt-5"));

        void Version(string name, string model)
        {
            Directory.CreateDirectory(Path.Combine(harness.Folder, name));
            File.WriteAllText(Path.Combine(harness.Folder, name, "a.yaml"), Document(model));
        }
    }

    [Fact]
    public async Task Running_callback_that_fails_does_not_end_the_reloading()
    {
        var calls = 0;
        await using var harness = new ReloaderHarness(onLoaded: () => _ = ++calls == 2 ? throw new InvalidOperationException("no") : 0);
        harness.Write("a.yaml", Document("o3"));
        await harness.StartAsync();
        harness.Write("a.yaml", Document("gpt-5"));
        await harness.Reloader.ReloadAsync().ContinueWith(_ => { }, TaskScheduler.Default);

        harness.Write("a.yaml", Document("o4"));

        await harness.UntilAsync((_, snapshot) => snapshot!.Attached(new PolicySubject("acme"))!.Models.Allows("o4"));
    }

    [Fact]
    public async Task Running_poll_finds_a_change_that_the_file_system_does_not_report()
    {
        var time = new FakeTimeProvider();
        await using var harness = new ReloaderHarness(time: time, createFolder: false);
        await harness.StartAsync();
        await harness.NextAsync();
        Directory.CreateDirectory(harness.Folder);
        harness.Write("a.yaml", Document("o3"));

        // The folder was missing, so nothing watches it: only the poll can find it.
        Assert.True((await harness.NextAsync(time)).Status.Succeeded);
    }

    [Fact]
    public async Task Running_document_that_is_still_being_written_is_not_taken_for_a_whole_one()
    {
        var time = new SettleHook();
        await using var harness = new ReloaderHarness(time: time);
        harness.Write("a.yaml", Document("o3"));
        await harness.StartAsync();
        await harness.NextAsync();

        // The first half is a good policy by itself, and a weaker one; the rest is written while the reloader waits for the folder to settle.
        time.OnSettling = () => harness.Write("a.yaml", Document("o4") + "mode: monitor\n");
        harness.Write("a.yaml", Document("o4"));

        Assert.Equal(GuardMode.Monitor, (await harness.NextAsync(time)).Snapshot!.Attached(new PolicySubject("acme"))!.Mode);
    }

    [Fact]
    public async Task ReloadAsync_reports_each_attempt_even_without_a_change()
    {
        await using var harness = new ReloaderHarness(time: new FakeTimeProvider());
        harness.Write("a.yaml", Document("o3"));
        await harness.StartAsync();

        await harness.Reloader.ReloadAsync();

        Assert.Equal(2, harness.Pending);
    }

    [Fact]
    public async Task ReloadAsync_tells_mistakes_of_folder_and_documents_together()
    {
        await using var harness = new ReloaderHarness(time: new FakeTimeProvider());
        File.CreateSymbolicLink(Path.Combine(harness.Folder, "link.yaml"), "/nowhere.yaml");
        harness.Write("a.yaml", "polcy: q\n");

        await harness.Reloader.ReloadAsync();

        Assert.Equal(["link.yaml", "a.yaml"], harness.Store.LastLoad!.Errors.Select(error => error.Source.File).Distinct());
    }

    [Fact]
    public async Task Stop_ends_the_loop_at_once()
    {
        await using var harness = new ReloaderHarness();
        await harness.StartAsync();

        await harness.Reloader.StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>A clock that does something once when the reloader begins to wait for the folder to settle.</summary>
    private sealed class SettleHook : FakeTimeProvider
    {
        private Action? _onSettling;

        public Action OnSettling
        {
            set => _onSettling = value;
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == SettleTime)
            {
                Interlocked.Exchange(ref _onSettling, null)?.Invoke();
            }

            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
