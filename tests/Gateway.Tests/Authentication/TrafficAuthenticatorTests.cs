using Gateway.Authentication;
using Gateway.Core.Tenants;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Gateway.Proxy;
using Xunit;

namespace Gateway.Tests.Authentication;

public sealed class TrafficAuthenticatorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Authenticate_key_made_before_the_start_is_accepted_from_every_header()
    {
        var key = await CreateAsync();
        await using var app = Build();
        await StartWatcherAsync(app);
        foreach (var (name, value) in ((string, string)[])[("Authorization", "Bearer " + key.Text), ("x-api-key", key.Text), ("api-key", key.Text)])
        {
            Assert.Equal("acme", (await AuthenticateAsync(app, name, value)).Identity?.Tenant);
        }
    }

    [Fact]
    public async Task Authenticate_key_revoked_while_running_is_refused_without_a_restart()
    {
        var key = await CreateAsync();
        await using var app = Build();
        await StartWatcherAsync(app);
        Assert.NotNull((await AuthenticateAsync(app, "x-api-key", key.Text)).Identity);
        await new KeyAdministration(new KeyFile(_folder, TimeProvider.System), TimeProvider.System).RevokeAsync(key.Entry.Id, default);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await AuthenticateAsync(app, "x-api-key", key.Text)).Failure != AuthenticationFailure.Revoked)
        {
            await Task.Delay(10, limit.Token);
        }
    }

    [Fact]
    public async Task Authenticate_without_tokens_configured_a_token_is_malformed()
    {
        using var idp = new TokenFixture();
        await using var app = Build();
        Assert.Equal(AuthenticationFailure.Malformed, (await AuthenticateAsync(app, "Authorization", "Bearer " + idp.Signed(TokenFixture.GoodClaims))).Failure);
    }

    [Theory]
    [InlineData("Gateway:Jwt:Audience", "gateway")]
    [InlineData("Gateway:Jwt:TenantClam", "tenant")]
    [InlineData("Gateway:Jwt:SigningKeysFile", "none.json")]
    public void Add_unusable_section_is_refused_at_start(string setting, string value) =>
        Assert.Throws<OptionsException>(() => Build((setting, value)));

    private async Task<CreatedKey> CreateAsync() =>
        await new KeyAdministration(new KeyFile(_folder, TimeProvider.System), TimeProvider.System).CreateAsync("acme", null, null, null, default);

    private WebApplication Build(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddTrafficAuthentication(new GatewayOptions { DataFolder = _folder }, acceptDemoKey: false);
        return builder.Build();
    }

    private static Task StartWatcherAsync(WebApplication app) =>
        app.Services.GetServices<IHostedService>().OfType<KeyFileWatcher>().Single().StartAsync(default);

    private static async Task<AuthenticationResult> AuthenticateAsync(WebApplication app, string header, string value)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[header] = value;
        return await app.Services.GetRequiredService<TrafficAuthenticator>().AuthenticateAsync(context);
    }
}
