using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Architecture;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proxy;

/// <summary>Promise 1: what two parsers could read in two ways is refused, and the provider receives nothing.</summary>
[Collection(ProxyTests.Name)]
public sealed class AmbiguousBodyTests(ProxyFixture fixture)
{
    private readonly GatewayUnderTest _gateway = fixture.Gateway;

    public static TheoryData<string, string> Refused()
    {
        var data = new TheoryData<string, string>();
        foreach (var line in File.ReadLines(Path.Combine(Golden, "expected.requests.jsonl")))
        {
            var sample = JsonSerializer.Deserialize<JsonElement>(line);
            var file = sample.GetProperty("file").GetString()!;
            if (sample.GetProperty("parse").GetString() == "reject" && file.EndsWith(".request.json", StringComparison.Ordinal) && File.Exists(Path.Combine(Golden, file)))
            {
                data.Add(file, sample.GetProperty("reason").GetString()!);
            }
        }

        return data;
    }

    private static string Golden => Path.Combine(Repository.Root, "tests/Gateway.Core.Tests/Formats/Golden");

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Body_that_parsers_read_differently_is_refused_and_never_forwarded(string file, string reason)
    {
        _gateway.Upstream.Forget();
        using var response = await _gateway.PostAsync(await File.ReadAllBytesAsync(Path.Combine(Golden, file)));
        Assert.True(response.StatusCode is HttpStatusCode.BadRequest, $"{file}: {response.StatusCode}");
        var error = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal("invalid_request", error.GetProperty("code").GetString());
        Assert.Empty(_gateway.Upstream.Seen);
        var record = await _gateway.RecordAsync(response);
        Assert.Equal("refused", record.GetProperty("outcome").GetString());
        Assert.Equal(0, record.GetProperty("attempts").GetInt32());
        if (reason != "two_spellings_of_one_field")
        {
            Assert.Equal(reason, record.GetProperty("reason").GetString());
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=latin1")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("")]
    public async Task Media_type_other_than_json_in_utf8_is_refused(string mediaType) =>
        await AssertRefusedAsync(HttpStatusCode.UnsupportedMediaType, request =>
        {
            request.Content!.Headers.Remove("Content-Type");
            request.Content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        });

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    public async Task Body_that_is_not_encoded_as_it_says_is_refused(string encoding) =>
        await AssertRefusedAsync(
            encoding.Contains(',', StringComparison.Ordinal) ? HttpStatusCode.UnsupportedMediaType : HttpStatusCode.BadRequest,
            request => request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", encoding));

    [Theory]
    [InlineData("?key=other")]
    [InlineData("?stream=true")]
    [InlineData("?api-version=2024-10-21")]
    public async Task Unknown_query_is_refused(string query) =>
        await AssertRefusedAsync(HttpStatusCode.BadRequest, request => request.RequestUri = new Uri("/v1/chat/completions" + query, UriKind.Relative));

    private async Task AssertRefusedAsync(HttpStatusCode status, Action<HttpRequestMessage> change)
    {
        _gateway.Upstream.Forget();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(GatewayUnderTest.Chat("Hello"), Encoding.UTF8, "application/json"),
        };
        change(request);
        using var response = await _gateway.Http.SendAsync(request);
        Assert.Equal(status, response.StatusCode);
        Assert.Empty(_gateway.Upstream.Seen);
        Assert.Equal("refused", (await _gateway.RecordAsync(response)).GetProperty("outcome").GetString());
    }
}
