using Xunit;

namespace Gateway.Tests.Clients;

/// <summary>What the official .NET SDKs do by themselves when they are told to wait or the provider does not answer.</summary>
[Collection(ClientsGroup.Name)]
public sealed class DotNetWaitingTests(WaitingRun run) : IClassFixture<WaitingRun>
{
    public static TheoryData<string> Clients => DotNetClientTests.Clients;

    [Theory, MemberData(nameof(Clients))]
    public Task Ask_when_rate_limited_waits_and_succeeds(string name) => run.RateLimited[name];

    [Theory, MemberData(nameof(Clients))]
    public Task Ask_when_provider_fails_throws_server_error(string name) => run.Failing[name];

    [Theory, MemberData(nameof(Clients))]
    public Task Ask_when_provider_is_silent_throws_server_error(string name) => run.Silent[name];
}
