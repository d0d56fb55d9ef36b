using Gateway.Core.Decisions;
using Gateway.Storage;
using Xunit;

namespace Gateway.Tests.Storage;

#pragma warning disable CA1001 // IAsyncLifetime disposes of it.
public sealed class DecisionReaderTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly StoreFixture _fixture = new();
    private readonly List<DecisionRecord> _records =
    [
        .. Enumerable.Range(0, 300).Select(i => Records.At(
            Records.Noon.AddSeconds(i),
            (i % 3) switch { 0 => "acme", 1 => "globex", _ => null },
            i % 10 == 0 ? Outcome.Blocked : i % 50 == 7 ? Outcome.UpstreamFailed : Outcome.Allowed)),
    ];

    public Task InitializeAsync() => _fixture.FillAsync(_records.OrderBy(record => record.Id.Reverse().ToArray(), CharArrays.Instance));

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    public static TheoryData<string?, Outcome?, int?, int?> Questions()
    {
        var data = new TheoryData<string?, Outcome?, int?, int?>();
        foreach (var tenant in (string?[])[null, "acme", "nobody"])
        {
            foreach (var outcome in (Outcome?[])[null, Outcome.Allowed, Outcome.Blocked, Outcome.UpstreamFailed, Outcome.Failed])
            {
                data.Add(tenant, outcome, null, null);
                data.Add(tenant, outcome, 40, 250);
                data.Add(tenant, outcome, 250, 40);
                data.Add(tenant, outcome, null, 9);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Query_any_filter_pages_through_exactly_the_matching_records_newest_first(string? tenant, Outcome? outcome, int? from, int? to)
    {
        var query = new DecisionQuery { Tenant = tenant, Outcome = outcome, From = After(from), To = After(to), Limit = 7 };
        var expected = _records
            .Where(record => (tenant is null || record.Tenant == tenant) && (outcome is null || record.Outcome == outcome))
            .Where(record => (query.From is null || record.Time >= query.From) && (query.To is null || record.Time < query.To))
            .Select(record => record.Id).OrderDescending(StringComparer.Ordinal);
        Assert.Equal(expected, await AllPagesAsync(query));
    }

    [Fact]
    public async Task Query_last_page_that_is_exactly_full_has_no_next()
    {
        var page = await _fixture.Reader.QueryAsync(new DecisionQuery { Limit = 300 }, default);
        Assert.Equal(300, page.Items.Count);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task Query_before_in_another_spelling_of_the_same_id_means_the_same()
    {
        var before = _records[100].Id;
        Assert.Equal(
            await _fixture.IdsAsync(new DecisionQuery { Before = before }), await _fixture.IdsAsync(new DecisionQuery { Before = before.ToUpperInvariant() }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task Query_limit_out_of_range_refused(int limit) =>
        await Assert.ThrowsAsync<ArgumentException>(() => _fixture.Reader.QueryAsync(new DecisionQuery { Limit = limit }, default));

    [Fact]
    public async Task Query_before_that_is_no_id_refused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => _fixture.Reader.QueryAsync(new DecisionQuery { Before = "' OR 1=1" }, default));

    [Fact]
    public async Task Query_tenant_is_a_value_and_never_text_of_the_statement() =>
        Assert.Empty(await _fixture.IdsAsync(new DecisionQuery { Tenant = "acme' OR '1'='1" }));

    [Fact]
    public async Task Find_unknown_id_is_null() => Assert.Null(await _fixture.Reader.FindAsync(Guid.CreateVersion7(), default));

    [Fact]
    public async Task Query_no_file_says_that_the_store_cannot_be_read()
    {
        await using var empty = new StoreFixture();
        await Assert.ThrowsAsync<DecisionReadException>(() => empty.Reader.QueryAsync(new DecisionQuery(), default));
    }

    [Fact]
    public void OpenReader_cannot_write()
    {
        using var connection = _fixture.Database.OpenReader();
        Assert.Throws<Microsoft.Data.Sqlite.SqliteException>(() => DecisionDatabase.Execute(connection, "DELETE FROM decisions"));
    }

    [Theory]
    [InlineData("acme", null, "decisions_by_tenant")]
    [InlineData(null, Outcome.Blocked, "decisions_by_outcome")]
    [InlineData("acme", Outcome.Blocked, "decisions_by_outcome")]
    [InlineData(null, null, "sqlite_autoindex_decisions_1")]
    public void Query_runs_along_one_index_in_order_without_sorting(string? tenant, Outcome? outcome, string index)
    {
        using var connection = _fixture.Database.OpenReader();
        using var command = DecisionSelect.For(new DecisionQuery { Tenant = tenant, Outcome = outcome, From = Records.Noon, Before = Guid.Empty.ToString() })
            .ToCommand(connection);
        command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
        using var reader = command.ExecuteReader();
        var plan = new List<string>();
        while (reader.Read())
        {
            plan.Add(reader.GetString(3));
        }

        Assert.Contains(index, Assert.Single(plan));
        Assert.Contains("id>? AND id<?", plan[0]);
    }

    private static DateTimeOffset? After(int? seconds) => seconds is { } value ? Records.Noon.AddSeconds(value) : null;

    private async Task<List<string>> AllPagesAsync(DecisionQuery query)
    {
        var ids = new List<string>();
        string? before = null;
        do
        {
            var page = await _fixture.Reader.QueryAsync(query with { Before = before }, default);
            Assert.True(page.Items.Count <= query.Limit);
            ids.AddRange(page.Items.Select(item => StoreFixture.Parse(item).Id));
            before = page.Next;
        }
        while (before is not null);
        return ids;
    }

    private sealed class CharArrays : IComparer<char[]>
    {
        public static readonly CharArrays Instance = new();

        public int Compare(char[]? x, char[]? y) => string.CompareOrdinal(new string(x), new string(y));
    }
}
