using System.Net;
using Gateway.Core.Decisions;
using Gateway.Tests.Storage;
using Xunit;

namespace Gateway.Tests.Management;

public sealed class DecisionEndpointTests
{
    [Fact]
    public async Task Query_follows_next_through_all_records_newest_first()
    {
        await using var fixture = await ManagementFixture.StartAsync();
        var records = Enumerable.Range(0, 25).Select(i => Records.At(Records.Noon.AddSeconds(i))).ToList();
        records.ForEach(record => fixture.Store.TryWrite(record));
        await fixture.WrittenAsync(25);

        var seen = new List<string?>();
        var path = "/admin/decisions?limit=10";
        for (string? next = ""; next is not null; path = $"/admin/decisions?limit=10&before={next}")
        {
            var (status, body) = await fixture.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, status);
            seen.AddRange(body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
            next = body.GetProperty("next").GetString();
        }

        Assert.Equal(records.Select(record => record.Id).Reverse(), seen);
    }

    [Fact]
    public async Task Query_by_tenant_outcome_and_time()
    {
        await using var fixture = await ManagementFixture.StartAsync();
        var wanted = Records.At(Records.Noon, "acme", Outcome.Blocked);
        fixture.Store.TryWrite(wanted);
        fixture.Store.TryWrite(Records.At(Records.Noon, "acme"));
        fixture.Store.TryWrite(Records.At(Records.Noon, "globex", Outcome.Blocked));
        fixture.Store.TryWrite(Records.At(Records.Noon.AddHours(1), "acme", Outcome.Blocked));
        await fixture.WrittenAsync(4);
        var (_, body) = await fixture.GetAsync("/admin/decisions?tenant=acme&outcome=blocked&from=2026-05-01T12:00:00Z&to=2026-05-01T12:00:01.5%2B00:00");
        Assert.Equal(wanted.Id, Assert.Single(body.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Find_record_is_given_whole_with_its_findings()
    {
        await using var fixture = await ManagementFixture.StartAsync();
        var record = Records.Full(Records.Noon);
        fixture.Store.TryWrite(record);
        await fixture.WrittenAsync(1);
        var (status, body) = await fixture.GetAsync($"/admin/decisions/{record.Id}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("upstream_failed", body.GetProperty("outcome").GetString());
        Assert.Equal("no-legal-advice", body.GetProperty("findings")[0].GetProperty("rule").GetString());
    }

    [Theory]
    [InlineData("01890000-0000-7000-8000-000000000000")]
    [InlineData("nonsense")]
    [InlineData("..%2f..%2fetc")]
    public async Task Find_no_such_record_is_problem_404(string id)
    {
        await using var fixture = await ManagementFixture.StartAsync();
        using var response = await fixture.SendAsync(HttpMethod.Get, $"/admin/decisions/{id}");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("tennant=acme", "tennant")]
    [InlineData("tenant=", "tenant")]
    [InlineData("tenant=A", "tenant")]
    [InlineData("tenant=a&tenant=b", "tenant")]
    [InlineData("outcome=Blocked", "outcome")]
    [InlineData("outcome=1", "outcome")]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=1/2/2026", "from")]
    [InlineData("to=2026-13-01", "to")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=+5", "limit")]
    [InlineData("limit=99999999999", "limit")]
    [InlineData("before=x", "before")]
    [InlineData("from=2026-05-02&to=2026-05-01", "from")]
    public async Task Query_bad_parameter_is_problem_400_that_names_it(string query, string parameter)
    {
        await using var fixture = await ManagementFixture.StartAsync();
        using var response = await fixture.SendAsync(HttpMethod.Get, "/admin/decisions?" + query);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.True((await ManagementFixture.ReadAsync(response)).GetProperty("errors").TryGetProperty(parameter, out _));
    }

    [Fact]
    public async Task Query_all_mistakes_are_reported_together()
    {
        await using var fixture = await ManagementFixture.StartAsync();
        var (_, body) = await fixture.GetAsync("/admin/decisions?limit=0&outcome=x&nonsense=1");
        Assert.Equal(3, body.GetProperty("errors").EnumerateObject().Count());
    }
}
