using System.Net;
using Xunit;

namespace Gateway.Tests.Management;

public sealed class AdminAccessTests
{
    private static readonly string[] Paths =
        ["/admin/decisions", "/admin/decisions/01890000-0000-7000-8000-000000000000", "/admin/policy", "/admin/keys", "/admin/nonsense", "/admin/"];

    [Fact]
    public async Task Loopback_without_token_answers_local_tools()
    {
        await using var fixture = await ManagementFixture.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await fixture.GetAsync("/admin/keys")).Status);
        Assert.Equal(HttpStatusCode.OK, (await fixture.GetAsync("/admin/keys", ("Host", $"localhost:{fixture.Client.BaseAddress!.Port}"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await fixture.GetAsync("/admin/keys", ("Host", "[::1]"))).Status);
    }

    [Theory]
    [InlineData("Host", "attacker.example")]
    [InlineData("Host", "localhost.attacker.example")]
    [InlineData("Host", "127.0.0.1.attacker.example")]
    [InlineData("Host", "10.0.0.1")]
    [InlineData("Origin", "https://attacker.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "http://localhost")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Loopback_without_token_refuses_what_a_foreign_page_can_cause(string header, string value)
    {
        await using var fixture = await ManagementFixture.StartAsync();
        foreach (var path in Paths)
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await fixture.GetAsync(path, (header, value))).Status);
        }
    }

    [Fact]
    public async Task Loopback_without_token_answers_a_page_of_its_own()
    {
        await using var fixture = await ManagementFixture.StartAsync();
        var origin = $"http://127.0.0.1:{fixture.Client.BaseAddress!.Port}";
        Assert.Equal(HttpStatusCode.OK, (await fixture.GetAsync("/admin/keys", ("Origin", origin), ("Sec-Fetch-Site", "same-origin"))).Status);
    }

    [Theory]
    [InlineData("http://0.0.0.0:8081")]
    [InlineData("http://*:8081")]
    [InlineData("http://10.0.0.1:8081")]
    [InlineData("http://[::]:8081")]
    public async Task Open_listener_without_token_refuses_and_says_how_to_mend_it(string url)
    {
        await using var fixture = await ManagementFixture.StartAsync(new GatewayOptions { ManagementUrl = url });
        foreach (var path in Paths)
        {
            var (status, body) = await fixture.GetAsync(path, ("Authorization", "Bearer x"));
            Assert.Equal(HttpStatusCode.Forbidden, status);
            Assert.Contains("Gateway__ManagementToken", body.GetProperty("detail").GetString());
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:8081")]
    [InlineData("http://*:8081")]
    public async Task Token_configured_is_always_asked_for(string url)
    {
        await using var fixture = await ManagementFixture.StartAsync(new GatewayOptions { ManagementUrl = url, ManagementToken = "s3cret" });
        foreach (var path in Paths)
        {
            foreach (var value in (string?[])[null, "", "Bearer", "Bearer ", "Bearer s3cre", "Bearer s3crets", "Bearer S3CRET", "Basic s3cret", "s3cret"])
            {
                using var response = await fixture.SendAsync(HttpMethod.Get, path, value is null ? [] : [("Authorization", value)]);
                Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
                Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
                Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            }
        }
    }

    [Fact]
    public async Task Token_that_is_right_opens_an_open_listener()
    {
        await using var fixture = await ManagementFixture.StartAsync(new GatewayOptions { ManagementUrl = "http://*:8081", ManagementToken = "s3cret" });
        Assert.Equal(HttpStatusCode.OK, (await fixture.GetAsync("/admin/keys", ("Authorization", "Bearer s3cret"), ("Host", "gateway.example"))).Status);
    }

    [Fact]
    public async Task Health_needs_no_token()
    {
        await using var fixture = await ManagementFixture.StartAsync(new GatewayOptions { ManagementUrl = "http://*:8081", ManagementToken = "s3cret" });
        Assert.Equal(HttpStatusCode.OK, (await fixture.GetAsync("/healthz/live", ("Host", "10.0.0.1"))).Status);
    }

    [Fact]
    public async Task Unknown_endpoint_and_method_are_problems()
    {
        await using var fixture = await ManagementFixture.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.GetAsync("/admin/nonsense")).Status);
        using var response = await fixture.SendAsync(HttpMethod.Post, "/admin/decisions");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Answers_may_not_be_cached()
    {
        await using var fixture = await ManagementFixture.StartAsync();
        using var response = await fixture.SendAsync(HttpMethod.Get, "/admin/keys");
        Assert.True(response.Headers.CacheControl?.NoStore);
    }
}
