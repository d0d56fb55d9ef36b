using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;
using Gateway.Core.Policies.Versions;
using Xunit;
using static Gateway.Core.Tests.Policies.PolicyTestFiles;

namespace Gateway.Core.Tests.Policies;

public sealed class PolicyStoreTests
{
    [Fact]
    public void Reject_keeps_the_snapshot_in_force_and_remembers_the_errors()
    {
        var store = new PolicyStore();
        var good = Compile(Minimal).Snapshot!;
        store.Accept(good);

        store.Reject(DateTimeOffset.UnixEpoch, Compile("x: 1").Errors);

        Assert.Same(good, store.Current);
        Assert.False(store.LastLoad!.Succeeded);
        Assert.NotEmpty(store.LastLoad.Errors);
    }

    [Fact]
    public void Accept_after_a_rejection_succeeds_again()
    {
        var store = new PolicyStore();
        store.Reject(DateTimeOffset.UnixEpoch, Compile("x: 1").Errors);

        store.Accept(Compile(Minimal).Snapshot!);

        Assert.True(store.LastLoad!.Succeeded);
        Assert.NotNull(store.Current);
    }

    [Fact]
    public void Use_does_not_hide_that_the_folder_is_broken()
    {
        var store = new PolicyStore();
        store.Reject(DateTimeOffset.UnixEpoch, Compile("x: 1").Errors);

        store.Use(Compile(Minimal).Snapshot!.With(2, OverrideSet.None), null, null);

        Assert.False(store.LastLoad!.Succeeded);
    }

    [Fact]
    public void Choose_without_a_canary_is_the_snapshot_in_force()
    {
        var store = new PolicyStore();
        Assert.Equal(default, store.Choose("acme", "k"));

        store.Accept(Compile(Minimal).Snapshot!);

        Assert.Equal(new PolicyChoice(store.Current, null, null), store.Choose("acme", "k"));
    }

    [Fact]
    public void Choose_with_a_canary_splits_keys_as_the_trial_does()
    {
        var store = new PolicyStore();
        var (incumbent, candidate) = (Compile(Minimal).Snapshot!, Compile(Minimal + "mode: monitor\n").Snapshot!);
        var trial = new CanaryTrial(new Canary(2, 50, [], new CanaryLimits(), DateTimeOffset.UnixEpoch, "ann", "a try"), candidate.Version);
        store.Use(incumbent, candidate, trial);

        Assert.All(Enumerable.Range(0, 100).Select(i => $"k{i}"), key => Assert.Equal(
            trial.Covers("acme", key)
                ? new PolicyChoice(candidate, PolicyVariant.Candidate, trial)
                : new PolicyChoice(incumbent, PolicyVariant.Incumbent, trial),
            store.Choose("acme", key)));
    }
}
