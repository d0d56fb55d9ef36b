using System.Text;
using System.Text.Json;
using Xunit;
using static Gateway.Tests.Simulation.SimulatedProviderFixture;

namespace Gateway.Tests.Simulation;

public sealed class SimulatedResponsesTests(SimulatedProviderFixture provider) : IClassFixture<SimulatedProviderFixture>
{
    private const string Tools = ""","tools":[{"type":"function","name":"get_weather","parameters":{"type":"object","properties":{"town":{"type":"string"}}}}]""";

    [Fact]
    public async Task Responses_plain_has_the_text_and_a_usage_that_adds_up()
    {
        var answer = await AnswerAsync(Body("say: hello there"));
        Assert.Equal("completed", answer.GetProperty("status").GetString());
        Assert.Equal("hello there", answer.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());
        var usage = answer.GetProperty("usage");
        Assert.Equal(
            usage.GetProperty("total_tokens").GetInt32(),
            usage.GetProperty("input_tokens").GetInt32() + usage.GetProperty("output_tokens").GetInt32());
    }

    [Fact]
    public async Task Responses_input_of_items_is_answered_by_its_last_user_message()
    {
        var answer = await AnswerAsync("""{"model":"gpt-5","input":[{"role":"user","content":"one"},{"role":"user","content":[{"type":"input_text","text":"say: two"}]}]}""");
        Assert.Equal("two", answer.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Responses_stream_counts_its_events_and_repeats_the_pieces_whole()
    {
        var events = await EventsAsync(Body("say: Grüße, 🚢!", ""","stream":true"""));
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(data => data.GetProperty("sequence_number").GetInt32()));
        Assert.Equal("response.created", events[0].GetProperty("type").GetString());
        Assert.Equal("response.completed", events[^1].GetProperty("type").GetString());
        var pieces = events.Where(data => data.GetProperty("type").GetString() == "response.output_text.delta").Select(data => data.GetProperty("delta").GetString());
        Assert.Equal("Grüße, 🚢!", string.Concat(pieces));
        Assert.Equal("Grüße, 🚢!", events[^1].GetProperty("response").GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Responses_tool_is_called_plain_and_streamed_with_the_same_arguments()
    {
        const string Text = """get_weather {"town":"Lindau am Bodensee"}""";
        var plain = (await AnswerAsync(Body(Text, Tools))).GetProperty("output")[0];
        Assert.Equal("function_call", plain.GetProperty("type").GetString());
        Assert.Equal("""{"town":"Lindau am Bodensee"}""", plain.GetProperty("arguments").GetString());

        var events = await EventsAsync(Body(Text, Tools + ""","stream":true"""));
        var pieces = events.Where(data => data.GetProperty("type").GetString() == "response.function_call_arguments.delta").Select(data => data.GetProperty("delta").GetString());
        Assert.Equal(plain.GetProperty("arguments").GetString(), string.Concat(pieces));
    }

    [Fact]
    public async Task Responses_tool_result_is_answered()
    {
        var answer = await AnswerAsync(
            """{"model":"gpt-5","input":[{"role":"user","content":"x"},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"rain"}]}""");
        Assert.Equal("The tool answered: rain", answer.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Responses_limit_ends_the_answer_incomplete()
    {
        var answer = await AnswerAsync(Body("words: 50", ""","max_output_tokens":4"""));
        Assert.Equal("incomplete", answer.GetProperty("status").GetString());
        Assert.Equal("max_output_tokens", answer.GetProperty("incomplete_details").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Responses_error_has_the_providers_shape()
    {
        var response = await PostAsync(Body("simulate: error-429"));
        Assert.Equal(429, (int)response.StatusCode);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        Assert.Equal("rate_limit_exceeded", error.GetProperty("code").GetString());
    }

    private static string Body(string text, string more = "") => $$"""{"model":"gpt-5","input":{{JsonSerializer.Serialize(text)}}{{more}}}""";

    private Task<HttpResponseMessage> PostAsync(string body) =>
        provider.Client.PostAsync(new Uri("v1/responses", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));

    private async Task<JsonElement> AnswerAsync(string body) =>
        JsonDocument.Parse(await (await PostAsync(body)).Content.ReadAsStringAsync()).RootElement;

    private async Task<List<JsonElement>> EventsAsync(string body) =>
        [.. (await FramesAsync(await PostAsync(body))).Select(frame => JsonDocument.Parse(frame.Data).RootElement)];
}
