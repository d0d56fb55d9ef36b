using Gateway.Tests.Support;

namespace Gateway.Tests.Proxy;

/// <summary>One gateway for all tests of the request path that change nothing about it.</summary>
public sealed class ProxyFixture : IAsyncLifetime
{
    private GatewayUnderTest? _gateway;

    public GatewayUnderTest Gateway => _gateway ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => _gateway = await GatewayUnderTest.StartAsync();

    public async Task DisposeAsync() => await Gateway.DisposeAsync();
}

/// <summary>Runs its classes one after the other: they share the provider's memory.</summary>
[CollectionDefinition(Name)]
public sealed class ProxyTests : ICollectionFixture<ProxyFixture>
{
    public const string Name = "proxy";
}
