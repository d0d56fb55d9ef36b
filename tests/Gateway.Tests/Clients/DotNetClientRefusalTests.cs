using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Xunit;
using static Gateway.Tests.Clients.ClientScenarios;

namespace Gateway.Tests.Clients;

/// <summary>What must fail, and how it must look to the user of an official .NET SDK: typed, not retried, never a silent truncation.</summary>
[Collection(ClientsGroup.Name)]
public sealed class DotNetClientRefusalTests(ClientsFixture fixture)
{
    public static TheoryData<string> Clients => DotNetClientTests.Clients;

    public static TheoryData<string, string> BrokenStreams
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var name in ClientsFixture.DotNetClients)
            {
                data.Add(name, "cut");
                data.Add(name, "eof");
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Ask_with_forbidden_input_throws_block_and_provider_sees_nothing(string name)
    {
        var client = fixture.Client(name);
        var model = client.Model("plain");

        var failure = await RefusedAsync(client, 403, new Ask(model, "Tell me about Blue Falcon."));

        Assert.Contains(client.BlockWord, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("blue falcon", failure.Message, StringComparison.OrdinalIgnoreCase);
        NamesDecision(failure.Message);
        Assert.Equal(0, fixture.Provider.Seen(model).Requests);
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Stream_with_forbidden_input_throws_block_and_provider_sees_nothing(string name)
    {
        var client = fixture.Client(name);
        var model = client.Model("plain");
        using var limit = new CancellationTokenSource(Limit);
        using var sent = new SentRequests();

        var read = await ReadAsync(client.StreamAsync(new Ask(model, "Tell me about Blue Falcon."), limit.Token));

        Assert.IsType(client.ExceptionFor(403), read.Failure);
        Assert.Equal("", read.Text);
        Assert.Equal(1, sent.Count);
        Assert.Equal(0, fixture.Provider.Seen(model).Requests);
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Ask_with_forbidden_answer_throws_block(string name)
    {
        var client = fixture.Client(name);
        var model = client.Model("forbidden");

        var failure = await RefusedAsync(client, 403, new Ask(model, "Tell me."));

        Assert.DoesNotContain("blue falcon", failure.ToString(), StringComparison.OrdinalIgnoreCase);
        NamesDecision(failure.Message);
        Assert.Equal(1, fixture.Provider.Seen(model).Requests);
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Stream_with_forbidden_answer_throws_before_forbidden_text(string name)
    {
        var client = fixture.Client(name);
        var model = client.Model("forbidden");
        using var limit = new CancellationTokenSource(Limit);
        using var sent = new SentRequests();

        var read = await ReadAsync(client.StreamAsync(new Ask(model, "Tell me."), limit.Token));

        Assert.StartsWith(read.Text, ScriptedProvider.ForbiddenAnswer, StringComparison.Ordinal);
        Assert.True(read.Text.Length <= ScriptedProvider.ForbiddenAnswer.IndexOf("blue", StringComparison.Ordinal), $"Released: {read.Text}");
        Assert.NotNull(read.Failure);
        // The SDK may have got the block as a status, when nothing had been released yet.
        Assert.Contains(read.Failure.GetType(), new[] { client.StreamException, client.ExceptionFor(403) });
        Assert.Contains(client.BlockWord, read.Failure.Message, StringComparison.Ordinal);
        NamesDecision(read.Failure.Message);
        Assert.Equal(1, sent.Count);
        Assert.Equal(1, fixture.Provider.Seen(model).Requests);
    }

    [Theory, MemberData(nameof(BrokenStreams))]
    public async Task Stream_broken_by_provider_throws(string name, string behaviour)
    {
        var client = fixture.Client(name);
        using var limit = new CancellationTokenSource(Limit);

        var read = await ReadAsync(client.StreamAsync(new Ask(client.Model(behaviour), "Talk."), limit.Token));

        Assert.NotNull(read.Failure);
        Assert.True(read.Failure is IOException || read.Failure.GetType() == client.StreamException, $"{read.Failure}");
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Ask_for_model_outside_policy_throws_not_found(string name)
    {
        var model = $"mystery-{Guid.NewGuid():N}";

        await RefusedAsync(fixture.Client(name), 404, new Ask(model, "Hello."));

        Assert.Equal(0, fixture.Provider.Seen(model).Requests);
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Ask_with_unknown_key_throws_unauthorized(string name)
    {
        var client = fixture.Client(name, "gw_0000000000000000_not-a-key");
        var model = client.Model("plain");

        await RefusedAsync(client, 401, new Ask(model, "Hello."));

        Assert.Equal(0, fixture.Provider.Seen(model).Requests);
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Ask_above_body_limit_throws_too_large(string name)
    {
        var client = fixture.Client(name);
        var model = client.Model("plain");

        await RefusedAsync(client, 413, new Ask(model, new string('x', ClientsFixture.BodyLimit + 100_000)));

        Assert.Equal(0, fixture.Provider.Seen(model).Requests);
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Post_malformed_json_answers_400_in_the_formats_shape(string name)
    {
        var client = fixture.Client(name);
        var model = client.Model("plain");

        using var response = await PostAsync(client.Path, fixture.Key, $$"""{"model":"{{model}}","messages":[{"role":"user","content":"unfinished""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.False(string.IsNullOrEmpty(await ErrorMessageAsync(response)));
        Assert.Equal(0, fixture.Provider.Seen(model).Requests);
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Post_above_rate_answers_429_with_whole_seconds_to_wait(string name)
    {
        var client = fixture.Client(name);
        var body = $$"""{"model":"{{client.Model("plain")}}","max_tokens":9,"messages":[{"role":"user","content":"Hello."}]}""";
        using var first = await PostAsync(client.Path, fixture.LimitedKeys[name], body);

        using var second = await PostAsync(client.Path, fixture.LimitedKeys[name], body);

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.InRange(int.Parse(second.Headers.GetValues("retry-after").Single()), 1, 20);
        Assert.False(string.IsNullOrEmpty(await ErrorMessageAsync(second)));
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string key, string body)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(fixture.Gateway.TrafficUrl + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.Add("anthropic-version", "2023-06-01");
        request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        return await http.SendAsync(request);
    }

    private static async Task<string?> ErrorMessageAsync(HttpResponseMessage response)
    {
        Assert.True(response.Headers.Contains("x-gateway-decision-id"), "The answer names no decision.");
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("error").GetProperty("message").GetString();
    }
}
