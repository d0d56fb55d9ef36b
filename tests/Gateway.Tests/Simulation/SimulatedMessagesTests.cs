using System.Text.Json;
using Xunit;
using static Gateway.Tests.Simulation.SimulatedProviderFixture;

namespace Gateway.Tests.Simulation;

public sealed class SimulatedMessagesTests(SimulatedProviderFixture provider) : IClassFixture<SimulatedProviderFixture>
{
    private const string Tools =
        """
        ,"tools":[{"name":"get_weather","input_schema":{"type":"object","required":["town"],"properties":{"town":{"type":"string"}}}},
                  {"name":"list_harbours","input_schema":{"type":"object","properties":{}}}]
        """;

    [Fact]
    public async Task Messages_plain_has_the_documented_shape_and_echoes_the_user()
    {
        var answer = await provider.MessagesJsonAsync(Messages("When do you open?"));

        Assert.Equal(
            ["id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "stop_details", "container", "usage"],
            answer.EnumerateObject().Select(member => member.Name));
        Assert.StartsWith("msg_01", answer.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("end_turn", answer.GetProperty("stop_reason").GetString());
        var block = Assert.Single(answer.GetProperty("content").EnumerateArray());
        Assert.Equal("text", block.GetProperty("type").GetString());
        Assert.Contains("When do you open?", block.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_stream_has_the_events_in_order_and_each_named_as_its_type()
    {
        var frames = await FramesAsync(await provider.MessagesAsync(Messages("say: abcdef", ""","stream":true""")));

        Assert.Equal(
            ["message_start", "content_block_start", "ping", "content_block_delta", "content_block_delta", "content_block_stop", "message_delta", "message_stop"],
            frames.Select(frame => frame.Event));
        Assert.All(frames, frame => Assert.Equal(frame.Event, JsonDocument.Parse(frame.Data).RootElement.GetProperty("type").GetString()));
        Assert.Equal("abcdef", string.Concat(Deltas(frames).Select(delta => delta.GetProperty("text").GetString())));
    }

    [Fact]
    public async Task Messages_streamed_usage_equals_the_plain_one()
    {
        var plain = (await provider.MessagesJsonAsync(Messages("hello"))).GetProperty("usage");
        var frames = await FramesAsync(await provider.MessagesAsync(Messages("hello", ""","stream":true""")));

        var start = JsonDocument.Parse(frames[0].Data).RootElement.GetProperty("message").GetProperty("usage");
        var end = JsonDocument.Parse(frames[^2].Data).RootElement.GetProperty("usage");
        Assert.Equal(plain.GetProperty("input_tokens").GetInt32(), start.GetProperty("input_tokens").GetInt32());
        Assert.Equal(plain.GetProperty("output_tokens").GetInt32(), end.GetProperty("output_tokens").GetInt32());
    }

    [Fact]
    public async Task Messages_naming_a_declared_tool_calls_it()
    {
        var answer = await provider.MessagesJsonAsync(Messages("use get_weather", Tools));

        Assert.Equal("tool_use", answer.GetProperty("stop_reason").GetString());
        var block = Assert.Single(answer.GetProperty("content").EnumerateArray());
        Assert.Equal("tool_use", block.GetProperty("type").GetString());
        Assert.StartsWith("toolu_", block.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("""{"town":"example"}""", block.GetProperty("input").GetRawText());
    }

    [Fact]
    public async Task Messages_streamed_calls_come_one_after_the_other_and_an_empty_input_has_no_delta()
    {
        var frames = await FramesAsync(await provider.MessagesAsync(Messages("""get_weather {"town":"Lindau"} list_harbours""", Tools + ""","stream":true""")));

        var blocks = frames.Where(frame => frame.Event.StartsWith("content_block", StringComparison.Ordinal))
            .Select(frame => $"{frame.Event[14..]} {JsonDocument.Parse(frame.Data).RootElement.GetProperty("index").GetInt32()}");
        Assert.Equal(["start 0", "delta 0", "delta 0", "delta 0", "stop 0", "start 1", "stop 1"], blocks);
        Assert.Equal("""{"town":"Lindau"}""", string.Concat(Deltas(frames).Select(delta => delta.GetProperty("partial_json").GetString())));
        Assert.Contains("\"stop_reason\":\"tool_use\"", frames[^2].Data, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"none"}""", 0)]
    [InlineData("""{"type":"auto","disable_parallel_tool_use":true}""", 1)]
    [InlineData("""{"type":"auto"}""", 2)]
    public async Task Messages_tool_choice_bounds_the_calls(string choice, int expected)
    {
        var answer = await provider.MessagesJsonAsync(Messages("get_weather list_harbours", $"{Tools},\"tool_choice\":{choice}"));

        Assert.Equal(expected, answer.GetProperty("content").EnumerateArray().Count(block => block.GetProperty("type").GetString() == "tool_use"));
    }

    [Fact]
    public async Task Messages_after_a_tool_result_answers_with_text()
    {
        const string body =
            """
            {"model":"claude-sonnet-5","max_tokens":100,"messages":[{"role":"user","content":"get_weather"},
             {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"get_weather","input":{}}]},
             {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"18 degrees"}]}]}],
             "tools":[{"name":"get_weather","input_schema":{"type":"object"}}]}
            """;
        var answer = await provider.MessagesJsonAsync(body);

        Assert.Equal("end_turn", answer.GetProperty("stop_reason").GetString());
        Assert.Equal("The tool answered: 18 degrees", answer.GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Messages_token_limit_shortens_the_answer_and_says_max_tokens()
    {
        const string body = """{"model":"claude-sonnet-5","max_tokens":1,"messages":[{"role":"user","content":"say: 0123456789"}]}""";
        var answer = await provider.MessagesJsonAsync(body);

        Assert.Equal("max_tokens", answer.GetProperty("stop_reason").GetString());
        Assert.Equal("0123", answer.GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}]}""")]
    public async Task Messages_bad_request_is_answered_with_400_in_the_formats_shape(string body)
    {
        var response = await provider.MessagesAsync(body);

        Assert.Equal(400, (int)response.StatusCode);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("error", error.GetProperty("type").GetString());
        Assert.Equal("invalid_request_error", error.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(response.Headers.GetValues("request-id").Single(), error.GetProperty("request_id").GetString());
    }

    private static IEnumerable<JsonElement> Deltas(IEnumerable<(string Event, string Data)> frames) => frames
        .Where(frame => frame.Event == "content_block_delta")
        .Select(frame => JsonDocument.Parse(frame.Data).RootElement.GetProperty("delta"));
}
