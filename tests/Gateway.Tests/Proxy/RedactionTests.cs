using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Hosting;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Proxy;

/// <summary>A redacting guard in a whole gateway: requests, answers and streams go on with its word replaced and nothing else changed.</summary>
public sealed class RedactionTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-");
    private readonly HttpClient _http = new();
    private ScriptedUpstream _upstream = null!;
    private WebApplication _gateway = null!;

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        var policies = _folder.CreateSubdirectory("policies").FullName;
        await File.WriteAllTextAsync(Path.Combine(policies, "policy.yaml"), GatewayUnderTest.Policy);
        var data = _folder.CreateSubdirectory("data").FullName;
        var key = await GatewayCli.CreateKeyAsync("acme", "tests", data);
        _gateway = await GatewayHost.CreateAsync(
            [
                "--Gateway:TrafficUrl=http://127.0.0.1:0", "--Gateway:ManagementUrl=http://127.0.0.1:0", $"--Gateway:DataFolder={data}", $"--Gateway:PoliciesFolder={policies}",
                $"--Gateway:Providers:openai:BaseUrl={_upstream.BaseUrl}/v1", "--Gateway:Providers:openai:ApiKey=upstream-secret", "--Gateway:DrainSeconds=0",
            ],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.AddSingleton<ITextRedactor>(new Redactor());
            });
        await _gateway.StartAsync();
        _http.BaseAddress = new Uri(_gateway.Urls.First());
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _gateway.StopAsync();
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Request_is_forwarded_with_the_word_replaced_and_nothing_else_changed()
    {
        using var response = await PostAsync("{ \"model\":\"gpt-4o\", \"messages\":[{\"role\":\"user\",\"content\":\"my s\\u0065cret \\u00fc\"}] }");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("{ \"model\":\"gpt-4o\", \"messages\":[{\"role\":\"user\",\"content\":\"my [gone] \\u00fc\"}] }", Assert.Single(_upstream.Seen).Text);
    }

    [Fact]
    public async Task Phrase_that_redaction_puts_together_is_blocked_in_both_directions()
    {
        using var request = await PostAsync(GatewayUnderTest.Chat("the blue cutmefalcon"));
        Assert.Equal(HttpStatusCode.Forbidden, request.StatusCode);
        Assert.Empty(_upstream.Seen);
        Answer("the blue cutmefalcon");
        using var response = await PostAsync(GatewayUnderTest.Chat("Hello"));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Answer_is_delivered_with_the_word_replaced_and_nothing_else_changed()
    {
        Answer("a secret");
        using var response = await PostAsync(GatewayUnderTest.Chat("Hello"));
        Assert.Equal(ScriptedUpstream.ChatAnswer.Replace("Fine.", "a [gone]", StringComparison.Ordinal), await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Stream_is_delivered_with_the_word_replaced()
    {
        const string Frame = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"TEXT\"},\"finish_reason\":null}]}\n\n";
        _upstream.Answer = context => ScriptedUpstream.WriteStreamAsync(
            context, Encoding.UTF8.GetBytes(Frame.Replace("TEXT", "a sec", StringComparison.Ordinal) + Frame.Replace("TEXT", "ret b", StringComparison.Ordinal) + "data: [DONE]\n\n"));
        using var response = await PostAsync(GatewayUnderTest.Chat("Hello", stream: true));
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal("a [gone] b", string.Concat(text.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line =>
            JsonSerializer.Deserialize<JsonElement>(line[6..]).GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString())));
    }

    private void Answer(string text) => _upstream.Answer = context =>
        ScriptedUpstream.WriteJsonAsync(context, 200, ScriptedUpstream.ChatAnswer.Replace("Fine.", text, StringComparison.Ordinal));

    private async Task<HttpResponseMessage> PostAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _http.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), content);
    }

    /// <summary>Replaces <c>secret</c> and cuts <c>cutme</c> out.</summary>
    private sealed class Redactor : ITextRedactor
    {
        public ITextRedaction? Begin(Surface surface, Trust trust, SegmentFlags flags) => new Reading(surface);

        private sealed class Reading(Surface surface) : ITextRedaction
        {
            private readonly StringBuilder _text = new();

            // Nothing is certain before the text has ended: the slowest guard there can be, and a correct one.
            public long SafePosition { get; private set; }

            public void Feed(ReadOnlySpan<char> text, List<RedactedSpan> found) => _text.Append(text);

            public void Complete(List<RedactedSpan> found)
            {
                SafePosition = long.MaxValue;
                foreach (var (word, replacement) in new[] { ("secret", "[gone]"), ("cutme", "") })
                {
                    var at = _text.ToString().IndexOf(word, StringComparison.Ordinal);
                    if (at >= 0)
                    {
                        found.Add(new RedactedSpan(at, word.Length, replacement, new Finding(
                            GuardId.Other, word, Threat.Secret, surface, PolicyAction.Redact, Severity.High, GuardMode.Enforce)));
                    }
                }
            }
        }
    }
}
