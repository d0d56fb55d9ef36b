using Xunit;
using static Gateway.Tests.Clients.ClientScenarios;

namespace Gateway.Tests.Clients;

/// <summary>
/// The scenarios of the .NET clients that mostly wait, for a limit, a time-out or an SDK's pauses between its tries: all at once, so that they take
/// as long as the slowest of them.
/// </summary>
public sealed class WaitingRun(ClientsFixture fixture) : IAsyncLifetime
{
    /// <summary>By client: the second call of a tenant that may send one request in three seconds.</summary>
    public Dictionary<string, Task> RateLimited { get; } = [];

    /// <summary>By client: a call to a provider that answers 500.</summary>
    public Dictionary<string, Task> Failing { get; } = [];

    /// <summary>By client: a call to a provider that never answers.</summary>
    public Dictionary<string, Task> Silent { get; } = [];

    public Task InitializeAsync()
    {
        foreach (var name in ClientsFixture.DotNetClients)
        {
            RateLimited[name] = RateLimitedAsync(name);
            Failing[name] = ServerErrorAsync(name, "fail");
            Silent[name] = ServerErrorAsync(name, "hang");
        }

        return Task.CompletedTask;
    }

    /// <summary>None is left running behind the gateway's end; what failed is told by the tests.</summary>
    public async Task DisposeAsync() =>
        await Task.WhenAll(RateLimited.Values.Concat(Failing.Values).Concat(Silent.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task RateLimitedAsync(string name)
    {
        using var limit = new CancellationTokenSource(Limit);
        var client = fixture.Client(name, fixture.LimitedKeys[name]);
        await client.AskAsync(new Ask(client.Model("plain"), "First."), limit.Token);
        var model = client.Model("plain");
        using var sent = new SentRequests();

        await client.AskAsync(new Ask(model, "Second."), limit.Token);

        Assert.Equal(2, sent.Count);
        Assert.True(sent.FirstPause >= TimeSpan.FromSeconds(1), $"The SDK waited only {sent.FirstPause}.");
        Assert.Equal(1, fixture.Provider.Seen(model).Requests);
    }

    private async Task ServerErrorAsync(string name, string behaviour)
    {
        var client = fixture.Client(name);
        using var limit = new CancellationTokenSource(Limit);

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => client.AskAsync(new Ask(client.Model(behaviour), "Hello."), limit.Token));

        var status = client.StatusOf(failure) ?? 0;
        Assert.InRange(status, 500, 599);
        Assert.IsType(client.ExceptionFor(status), failure);
    }
}
