using Gateway.Core.Policies;
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
}
