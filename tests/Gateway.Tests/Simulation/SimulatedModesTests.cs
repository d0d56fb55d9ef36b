using System.Text;
using System.Text.Json;
using Gateway.Simulation;
using Microsoft.AspNetCore.Http;
using Xunit;
using static Gateway.Tests.Simulation.SimulatedProviderFixture;

namespace Gateway.Tests.Simulation;

public sealed class SimulatedModesTests : IAsyncLifetime
{
    private const string Streamed = ""","stream":true""";
    private readonly SimulatedProviderFixture _provider = new();

    public Task InitializeAsync() => _provider.InitializeAsync();

    public Task DisposeAsync() => _provider.DisposeAsync();

    [Fact]
    public async Task Slow_waits_before_the_first_byte_and_between_events()
    {
        await FramesAsync(await _provider.ChatAsync(Chat("simulate: slow say: abc", Streamed)));

        Assert.Equal([1000, 200, 200, 200], Milliseconds());
    }

    [Fact]
    public async Task Slow_in_the_models_name_waits_before_a_plain_answer()
    {
        await _provider.ChatJsonAsync("""{"model":"gpt-4o-mini-simulate-slow-300","messages":[{"role":"user","content":"x"}]}""");

        Assert.Equal([300], Milliseconds());
    }

    [Fact]
    public async Task No_mode_waits_for_nothing()
    {
        await FramesAsync(await _provider.ChatAsync(Chat("hello", Streamed)));

        Assert.Empty(Milliseconds());
    }

    [Theory]
    [InlineData(401, "invalid_api_key", "authentication_error")]
    [InlineData(403, "unsupported_country_region_territory", "permission_error")]
    [InlineData(404, "model_not_found", "not_found_error")]
    [InlineData(429, "rate_limit_exceeded", "rate_limit_error")]
    [InlineData(500, null, "api_error")]
    [InlineData(503, "overloaded", "overloaded_error")]
    [InlineData(529, "overloaded", "overloaded_error")]
    public async Task Error_answers_the_status_in_each_formats_shape(int status, string? code, string type)
    {
        var chat = await _provider.ChatAsync(Chat($"simulate: error-{status}", Streamed));
        var messages = await _provider.MessagesAsync(Messages($"simulate: error-{status}"));

        Assert.Equal((status, status), ((int)chat.StatusCode, (int)messages.StatusCode));
        Assert.Equal(code, (await ReadAsync(chat)).GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(type, (await ReadAsync(messages)).GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(status is 429 or 503 or 529, chat.Headers.RetryAfter is not null);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Streamed)]
    public async Task Cut_breaks_the_connection_halfway(string more)
    {
        var response = await _provider.ChatAsync(Chat("simulate: cut say: abcdefghijkl", more));
        var (received, failed) = await ReadToTheEndAsync(response);

        Assert.True(failed);
        Assert.Contains(more.Length > 0 ? "\"content\":\"abc\"" : "chatcmpl", received, StringComparison.Ordinal);
        Assert.DoesNotContain("total_tokens", received, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Streamed)]
    public async Task Truncated_ends_cleanly_without_a_terminator(string more)
    {
        var response = await _provider.ChatAsync(Chat("simulate: truncated say: abcdefghijkl", more));
        var (received, failed) = await ReadToTheEndAsync(response);

        Assert.False(failed);
        Assert.NotEmpty(received);
        Assert.DoesNotContain("finish_reason\":\"stop", received, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broken_json_in_a_plain_answer_does_not_parse()
    {
        var body = await (await _provider.ChatAsync(Chat("simulate: broken-json"))).Content.ReadAsStringAsync();

        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(body));
    }

    [Fact]
    public async Task Broken_json_in_a_stream_breaks_one_event_and_goes_on()
    {
        var frames = await FramesAsync(await _provider.MessagesAsync(Messages("simulate: broken-json say: abcdef", Streamed)));

        Assert.Single(frames, frame => !Parses(frame.Data));
        Assert.Equal("message_stop", frames[^1].Event);
    }

    [Fact]
    public async Task Wrong_type_answers_html_with_200()
    {
        var response = await _provider.ChatAsync(Chat("simulate: wrong-type", Streamed));

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Stream_error_ends_a_chat_stream_with_an_error_object()
    {
        var frames = await FramesAsync(await _provider.ChatAsync(Chat("simulate: stream-error", Streamed)));

        Assert.True(JsonDocument.Parse(frames[^1].Data).RootElement.TryGetProperty("error", out _));
        Assert.True(frames.Count > 2);
    }

    [Fact]
    public async Task Stream_error_ends_a_messages_stream_with_an_error_event()
    {
        var frames = await FramesAsync(await _provider.MessagesAsync(Messages("simulate: stream-error", Streamed)));

        Assert.Equal("error", frames[^1].Event);
        Assert.Equal("error", JsonDocument.Parse(frames[^1].Data).RootElement.GetProperty("type").GetString());
    }

    [Fact]
    public async Task Stream_error_without_a_stream_is_a_500()
    {
        Assert.Equal(500, (int)(await _provider.ChatAsync(Chat("simulate: stream-error"))).StatusCode);
    }

    [Fact]
    public async Task Long_answers_one_word_an_event()
    {
        var frames = await FramesAsync(await _provider.MessagesAsync(Messages("simulate: long-50", Streamed)));

        Assert.Equal(50, frames.Count(frame => frame.Event == "content_block_delta"));
    }

    [Theory]
    [InlineData("stall", "", false)]
    [InlineData("stall-midstream", Streamed, true)]
    public async Task Stall_ends_only_when_the_client_leaves(string mode, string more, bool startsToAnswer)
    {
        using var left = new CancellationTokenSource();
        using var answer = new MemoryStream();
        var context = new DefaultHttpContext { RequestAborted = left.Token };
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(Chat($"simulate: {mode}", more)));
        context.Response.Body = answer;

        var playing = new SimulatedPlayer(_provider.Time).PlayAsync(context, new SimulatedChat());

        Assert.False(playing.IsCompleted);
        Assert.Equal(startsToAnswer, answer.Length > 0);
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => playing);
    }

    [Fact]
    public async Task Modes_are_joined_by_plus()
    {
        var response = await _provider.ChatAsync(Chat("simulate: slow-70+error-500"));

        Assert.Equal(500, (int)response.StatusCode);
        Assert.Equal([70], Milliseconds());
    }

    [Fact]
    public async Task Say_hides_mode_words_in_its_text()
    {
        var answer = await _provider.ChatJsonAsync(Chat("say: simulate: error-500"));

        Assert.Equal("simulate: error-500", answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    private IEnumerable<int> Milliseconds() => _provider.Time.Take().Select(delay => (int)delay.TotalMilliseconds);

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    private static bool Parses(string json)
    {
        try
        {
            JsonDocument.Parse(json).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static async Task<(string Received, bool Failed)> ReadToTheEndAsync(HttpResponseMessage response)
    {
        using var received = new MemoryStream();
        await using var body = await response.Content.ReadAsStreamAsync();
        var failed = false;
        try
        {
            await body.CopyToAsync(received);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            failed = true;
        }

        return (Encoding.UTF8.GetString(received.ToArray()), failed);
    }
}
