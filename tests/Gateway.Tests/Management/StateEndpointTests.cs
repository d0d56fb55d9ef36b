using System.Collections.Immutable;
using System.Net;
using Gateway.Core.Policies;
using Gateway.Core.Tenants;
using Gateway.Management;
using Gateway.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Management;

public sealed class StateEndpointTests
{
    private static readonly PolicyError Mistake = new(new PolicySource("acme.yaml", 3, 7), "mode must be enforce, monitor or off");

    [Fact]
    public async Task Ready_no_policies_is_503_and_says_so()
    {
        await using var fixture = await ManagementFixture.StartAsync();
        var (status, body) = await fixture.GetAsync("/healthz/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("not_ready", body.GetProperty("status").GetString());
        Assert.Equal("not_ready", Check(body, "policies").GetProperty("state").GetString());
        Assert.Equal("ready", Check(body, "decision_store").GetProperty("state").GetString());
    }

    [Fact]
    public async Task Ready_policies_loaded_is_200()
    {
        await using var fixture = await ManagementFixture.StartAsync();
        fixture.Policies.Accept(Snapshot());
        var (status, body) = await fixture.GetAsync("/healthz/ready");
        Assert.Equal((HttpStatusCode.OK, "ready"), (status, body.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Ready_broken_reload_is_degraded_and_lists_every_error()
    {
        await using var fixture = await ManagementFixture.StartAsync();
        fixture.Policies.Accept(Snapshot());
        fixture.Policies.Reject(Records.Noon, [Mistake, Mistake]);
        var (status, body) = await fixture.GetAsync("/healthz/ready");
        Assert.Equal((HttpStatusCode.OK, "degraded"), (status, body.GetProperty("status").GetString()));
        Assert.Equal(2, Check(body, "policies").GetProperty("errors").GetArrayLength());
        Assert.StartsWith("acme.yaml:3:7: ", Check(body, "policies").GetProperty("errors")[0].GetString());
    }

    [Fact]
    public async Task Ready_broken_key_file_is_degraded()
    {
        await using var fixture = await ManagementFixture.StartAsync();
        fixture.Policies.Accept(Snapshot());
        await File.WriteAllTextAsync(fixture.Keys.Path, "{");
        fixture.Registry.Reload();
        var (status, body) = await fixture.GetAsync("/healthz/ready");
        Assert.Equal((HttpStatusCode.OK, "degraded"), (status, Check(body, "keys").GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Ready_check_that_another_part_registers_is_asked()
    {
        await using var fixture = await ManagementFixture.StartAsync(configure: services => services.AddSingleton<IReadinessCheck, NoDestination>());
        fixture.Policies.Accept(Snapshot());
        var (status, body) = await fixture.GetAsync("/healthz/ready");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "none answers"), (status, Check(body, "destinations").GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task Live_is_200_whatever_is_broken()
    {
        await using var fixture = await ManagementFixture.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await fixture.GetAsync("/healthz/live")).Status);
    }

    [Fact]
    public async Task Policy_shows_what_is_in_force_and_the_last_load()
    {
        await using var fixture = await ManagementFixture.StartAsync();
        fixture.Policies.Accept(Snapshot());
        fixture.Policies.Reject(Records.Noon, [Mistake]);
        var (_, body) = await fixture.GetAsync("/admin/policy");
        Assert.Equal("0123456789ab", body.GetProperty("version").GetString());
        var policy = Assert.Single(body.GetProperty("policies").EnumerateArray());
        Assert.Equal(("support", "acme", "enforce", "support.yaml", 1), (
            policy.GetProperty("name").GetString(),
            policy.GetProperty("tenants")[0].GetString(),
            policy.GetProperty("mode").GetString(),
            policy.GetProperty("source").GetProperty("file").GetString(),
            policy.GetProperty("source").GetProperty("line").GetInt32()));
        Assert.False(body.GetProperty("lastLoad").GetProperty("succeeded").GetBoolean());
        var error = Assert.Single(body.GetProperty("lastLoad").GetProperty("errors").EnumerateArray());
        Assert.Equal(("acme.yaml", 3, 7, Mistake.Message), (
            error.GetProperty("file").GetString(),
            error.GetProperty("line").GetInt32(),
            error.GetProperty("column").GetInt32(),
            error.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Policy_before_the_first_load_is_empty()
    {
        await using var fixture = await ManagementFixture.StartAsync();
        var (status, body) = await fixture.GetAsync("/admin/policy");
        Assert.Equal((HttpStatusCode.OK, null, 0), (status, body.GetProperty("version").GetString(), body.GetProperty("policies").GetArrayLength()));
    }

    [Fact]
    public async Task Keys_are_listed_without_secret_or_hash()
    {
        await using var fixture = await ManagementFixture.StartAsync();
        var key = await new KeyAdministration(fixture.Keys, TimeProvider.System).CreateAsync("acme", "chat", null, "note", default);
        fixture.Registry.Reload();
        using var response = await fixture.SendAsync(HttpMethod.Get, "/admin/keys");
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains(key.Entry.Id, text);
        Assert.Contains("\"status\":\"active\"", text);
        Assert.DoesNotContain(key.Entry.Hash, text);
        Assert.DoesNotContain(key.Text[^GatewayKey.SecretLength..], text);
    }

    private static System.Text.Json.JsonElement Check(System.Text.Json.JsonElement body, string name) => body.GetProperty("checks").GetProperty(name);

    private static PolicySnapshot Snapshot()
    {
        var policy = new TenantPolicy
        {
            Name = "support",
            Source = new PolicySource("support.yaml", 1, 1),
            Tenants = ["acme"],
            Models = new ModelRules { Allow = ["gpt-4o*"] },
            Limits = new LimitRules(),
            Content = ContentRuleSet.Empty,
        };
        return new PolicySnapshot("0123456789ab", Records.Noon, ImmutableArray.Create(policy));
    }

    private sealed class NoDestination : IReadinessCheck
    {
        public string Name => "destinations";

        public ReadinessReport Check() => new(ReadinessState.NotReady, "none answers");
    }
}
