using System.Text.Json;
using Xunit;
using static Gateway.Tests.Simulation.SimulatedProviderFixture;

namespace Gateway.Tests.Simulation;

public sealed class SimulatedChatTests(SimulatedProviderFixture provider) : IClassFixture<SimulatedProviderFixture>
{
    private const string Tools =
        """
        ,"tools":[
          {"type":"function","function":{"name":"get_weather","parameters":{"type":"object","required":["town","days"],"properties":{
            "town":{"type":"string","minLength":9},"days":{"type":"integer","minimum":3},"unit":{"enum":["celsius","fahrenheit"]}}}}},
          {"type":"function","function":{"name":"get_tides","parameters":{"type":"object","properties":{}}}}]
        """;

    [Fact]
    public async Task Chat_plain_has_the_documented_shape_and_echoes_the_user()
    {
        var answer = await provider.ChatJsonAsync(Chat("When do you open?"));

        Assert.Equal(
            ["id", "object", "created", "model", "service_tier", "system_fingerprint", "choices", "usage"],
            answer.EnumerateObject().Select(member => member.Name));
        Assert.StartsWith("chatcmpl-", answer.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("chat.completion", answer.GetProperty("object").GetString());
        Assert.Equal("gpt-4o-mini", answer.GetProperty("model").GetString());
        var choice = Assert.Single(answer.GetProperty("choices").EnumerateArray());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Equal("assistant", choice.GetProperty("message").GetProperty("role").GetString());
        Assert.Contains("When do you open?", choice.GetProperty("message").GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_usage_adds_up()
    {
        var usage = (await provider.ChatJsonAsync(Chat("say: 12345678"))).GetProperty("usage");

        Assert.Equal(2, usage.GetProperty("completion_tokens").GetInt32());
        Assert.True(usage.GetProperty("prompt_tokens").GetInt32() > 0);
        Assert.Equal(
            usage.GetProperty("prompt_tokens").GetInt32() + usage.GetProperty("completion_tokens").GetInt32(),
            usage.GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Chat_same_request_gets_the_same_bytes_and_another_gets_another_id()
    {
        var first = await (await provider.ChatAsync(Chat("hello"))).Content.ReadAsStringAsync();
        var second = await (await provider.ChatAsync(Chat("hello"))).Content.ReadAsStringAsync();
        var other = await provider.ChatJsonAsync(Chat("hello there"));

        Assert.Equal(first, second);
        Assert.DoesNotContain(other.GetProperty("id").GetString()!, first, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_stream_opens_with_the_role_sends_text_in_small_deltas_and_ends_with_done()
    {
        var response = await provider.ChatAsync(Chat("say: Grüße, 🚢!", ""","stream":true"""));
        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        var frames = await FramesAsync(response);

        Assert.All(frames, frame => Assert.Equal("", frame.Event));
        Assert.Equal("[DONE]", frames[^1].Data);
        var chunks = frames.SkipLast(1).Select(frame => JsonDocument.Parse(frame.Data).RootElement).ToList();
        Assert.All(chunks, chunk => Assert.Equal("chat.completion.chunk", chunk.GetProperty("object").GetString()));
        Assert.All(chunks, chunk => Assert.False(chunk.TryGetProperty("usage", out _)));
        Assert.Equal("assistant", Delta(chunks[0]).GetProperty("role").GetString());
        var pieces = chunks.Skip(1).SkipLast(1).Select(chunk => Delta(chunk).GetProperty("content").GetString()!).ToList();
        Assert.Equal(["Grü", "ße,", " 🚢!"], pieces);
        Assert.Empty(Delta(chunks[^1]).EnumerateObject());
        Assert.Equal("stop", chunks[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Chat_stream_with_include_usage_carries_null_usage_and_one_last_chunk_with_it()
    {
        var frames = await FramesAsync(await provider.ChatAsync(Chat("hello", ""","stream":true,"stream_options":{"include_usage":true}""")));
        var plain = await provider.ChatJsonAsync(Chat("hello"));

        var chunks = frames.SkipLast(1).Select(frame => JsonDocument.Parse(frame.Data).RootElement).ToList();
        Assert.All(chunks.SkipLast(1), chunk => Assert.Equal(JsonValueKind.Null, chunk.GetProperty("usage").ValueKind));
        Assert.Empty(chunks[^1].GetProperty("choices").EnumerateArray());
        Assert.Equal(plain.GetProperty("usage").GetRawText(), chunks[^1].GetProperty("usage").GetRawText());
    }

    [Fact]
    public async Task Chat_two_choices_are_numbered_and_interleaved()
    {
        var plain = await provider.ChatJsonAsync(Chat("hello", ""","n":2"""));
        var frames = await FramesAsync(await provider.ChatAsync(Chat("hello", ""","n":2,"stream":true""")));

        Assert.Equal([0, 1], plain.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("index").GetInt32()));
        var indexes = frames.SkipLast(1).Select(frame => JsonDocument.Parse(frame.Data).RootElement.GetProperty("choices")[0].GetProperty("index").GetInt32()).ToList();
        Assert.Equal([0, 1, 0, 1], indexes.Take(4));
        Assert.Equal(2, frames.Count(frame => frame.Data.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Chat_naming_a_declared_tool_calls_it_with_arguments_that_fit()
    {
        var answer = await provider.ChatJsonAsync(Chat("Please use get_weather.", Tools));

        var choice = answer.GetProperty("choices")[0];
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("message").GetProperty("content").ValueKind);
        var call = Assert.Single(choice.GetProperty("message").GetProperty("tool_calls").EnumerateArray());
        Assert.StartsWith("call_", call.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("get_weather", call.GetProperty("function").GetProperty("name").GetString());
        var arguments = JsonDocument.Parse(call.GetProperty("function").GetProperty("arguments").GetString()!).RootElement;
        Assert.True(arguments.GetProperty("town").GetString()!.Length >= 9);
        Assert.Equal(3, arguments.GetProperty("days").GetInt32());
        Assert.Equal("celsius", arguments.GetProperty("unit").GetString());
    }

    [Fact]
    public async Task Chat_json_after_the_tools_name_becomes_its_arguments()
    {
        var answer = await provider.ChatJsonAsync(Chat("""get_weather {"town": "Lindau"} please""", Tools));

        var function = answer.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function");
        Assert.Equal("""{"town": "Lindau"}""", function.GetProperty("arguments").GetString());
    }

    [Fact]
    public async Task Chat_streamed_parallel_calls_join_to_the_plain_ones()
    {
        const string text = """get_weather {"town":"Lindau am Bodensee","days":3} and get_tides""";
        var plain = (await provider.ChatJsonAsync(Chat(text, Tools))).GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls");
        var frames = await FramesAsync(await provider.ChatAsync(Chat(text, Tools + ""","stream":true""")));

        var arguments = new Dictionary<int, string>();
        var names = new List<string>();
        foreach (var frame in frames.SkipLast(1))
        {
            if (Delta(JsonDocument.Parse(frame.Data).RootElement).TryGetProperty("tool_calls", out var calls))
            {
                var index = calls[0].GetProperty("index").GetInt32();
                var function = calls[0].GetProperty("function");
                arguments[index] = arguments.GetValueOrDefault(index) + function.GetProperty("arguments").GetString();
                if (function.TryGetProperty("name", out var name))
                {
                    names.Add(name.GetString()!);
                }
            }
        }

        Assert.Equal(["get_weather", "get_tides"], names);
        Assert.Equal(plain.EnumerateArray().Select(call => call.GetProperty("function").GetProperty("arguments").GetString()), [arguments[0], arguments[1]]);
        Assert.Contains("\"finish_reason\":\"tool_calls\"", frames[^2].Data, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""","tool_choice":"none" """, 0)]
    [InlineData(""","parallel_tool_calls":false""", 1)]
    [InlineData("", 2)]
    public async Task Chat_tool_choice_bounds_the_calls(string more, int expected)
    {
        var answer = await provider.ChatJsonAsync(Chat("get_weather get_tides", Tools + more));

        var message = answer.GetProperty("choices")[0].GetProperty("message");
        Assert.Equal(expected, message.TryGetProperty("tool_calls", out var calls) ? calls.GetArrayLength() : 0);
    }

    [Theory]
    [InlineData(""","tool_choice":"required" """, "get_weather")]
    [InlineData(""","tool_choice":{"type":"function","function":{"name":"get_tides"}}""", "get_tides")]
    public async Task Chat_tool_choice_forces_a_call(string more, string expected)
    {
        var answer = await provider.ChatJsonAsync(Chat("hello", Tools + more));

        var call = Assert.Single(answer.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls").EnumerateArray());
        Assert.Equal(expected, call.GetProperty("function").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Chat_part_of_a_tools_name_does_not_call_it()
    {
        var answer = await provider.ChatJsonAsync(Chat("get_weather_report", Tools));

        Assert.Equal("stop", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Chat_after_a_tool_result_answers_with_text()
    {
        const string body =
            """
            {"model":"gpt-4o","messages":[{"role":"user","content":"get_weather"},
             {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"get_weather","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"c1","content":"18 degrees"}],
             "tools":[{"type":"function","function":{"name":"get_weather"}}]}
            """;
        var choice = (await provider.ChatJsonAsync(body)).GetProperty("choices")[0];

        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Equal("The tool answered: 18 degrees", choice.GetProperty("message").GetProperty("content").GetString());
    }

    [Fact]
    public async Task Chat_token_limit_shortens_the_answer_and_says_length()
    {
        var answer = await provider.ChatJsonAsync(Chat("say: 0123456789", ""","max_completion_tokens":2"""));

        var choice = answer.GetProperty("choices")[0];
        Assert.Equal("01234567", choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("length", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(2, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Chat_text_parts_are_read_as_the_users_text()
    {
        const string body = """{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"say: parts"},{"type":"image_url","image_url":{"url":"data:,"}}]}]}""";
        var answer = await provider.ChatJsonAsync(body);

        Assert.Equal("parts", answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"model":"m"}""")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"\ud83d"}]}""")]
    [InlineData("""{"model":"m","n":129,"messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"simulate: nonsense"}]}""")]
    public async Task Chat_bad_request_is_answered_with_400_in_the_formats_shape(string body)
    {
        var response = await provider.ChatAsync(body);

        Assert.Equal(400, (int)response.StatusCode);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(member => member.Name));
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
    }

    [Fact]
    public async Task Provider_other_paths_are_not_found()
    {
        Assert.Equal(404, (int)(await provider.Client.GetAsync("v1/chat/completions")).StatusCode);
        Assert.Equal(404, (int)(await provider.Client.PostAsync("v1/moderations", null)).StatusCode);
    }

    private static JsonElement Delta(JsonElement chunk) => chunk.GetProperty("choices")[0].GetProperty("delta");
}
