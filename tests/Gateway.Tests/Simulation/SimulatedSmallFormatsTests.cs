using System.Text;
using System.Text.Json;
using Xunit;
using static Gateway.Tests.Simulation.SimulatedProviderFixture;

namespace Gateway.Tests.Simulation;

public sealed class SimulatedSmallFormatsTests(SimulatedProviderFixture provider) : IClassFixture<SimulatedProviderFixture>
{
    [Fact]
    public async Task Completions_every_prompt_gets_its_answers()
    {
        var answer = await JsonAsync("v1/completions", """{"model":"m","prompt":["one","say: yes"],"n":2,"echo":true}""");
        var choices = answer.GetProperty("choices").EnumerateArray().ToArray();
        Assert.Equal([0, 1, 2, 3], choices.Select(choice => choice.GetProperty("index").GetInt32()));
        Assert.Equal(["one", "one", "say: yes", "say: yes"], choices.Select((choice, at) => choice.GetProperty("text").GetString()![..(at < 2 ? 3 : 8)]));
    }

    [Fact]
    public async Task Completions_stream_says_the_same_as_the_whole_answer()
    {
        var whole = await JsonAsync("v1/completions", """{"model":"m","prompt":"say: Grüße, 🚢!"}""");
        using var response = await PostAsync("v1/completions", """{"model":"m","prompt":"say: Grüße, 🚢!","stream":true,"stream_options":{"include_usage":true}}""");
        var frames = await FramesAsync(response);
        Assert.Equal("[DONE]", frames[^1].Data);
        var chunks = frames.SkipLast(1).Select(frame => JsonDocument.Parse(frame.Data).RootElement).ToArray();
        Assert.Equal(
            whole.GetProperty("choices")[0].GetProperty("text").GetString(),
            string.Concat(chunks.SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray()).Select(choice => choice.GetProperty("text").GetString())));
        Assert.Equal(0, chunks[^1].GetProperty("choices").GetArrayLength());
        Assert.True(chunks[^1].GetProperty("usage").GetProperty("total_tokens").GetInt32() > 0);
    }

    [Fact]
    public async Task Embeddings_same_text_gets_the_same_vector_in_both_encodings()
    {
        var floats = await JsonAsync("v1/embeddings", """{"model":"m","input":["a","b","a"],"dimensions":8}""");
        var base64 = await JsonAsync("v1/embeddings", """{"model":"m","input":"a","dimensions":8,"encoding_format":"base64"}""");
        var vectors = floats.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("embedding").EnumerateArray().Select(number => number.GetSingle()).ToArray()).ToArray();
        Assert.Equal(vectors[0], vectors[2]);
        Assert.NotEqual(vectors[0], vectors[1]);
        Assert.Equal(1.0, vectors[0].Sum(number => number * number), tolerance: 1e-5);
        var bytes = Convert.FromBase64String(base64.GetProperty("data")[0].GetProperty("embedding").GetString()!);
        Assert.Equal(vectors[0], Enumerable.Range(0, 8).Select(at => BitConverter.ToSingle(bytes, at * 4)));
    }

    [Fact]
    public async Task Count_is_what_messages_report_as_input()
    {
        const string Prompt = "\"model\":\"m\",\"system\":\"Be brief.\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]";
        var count = await JsonAsync("v1/messages/count_tokens", $"{{{Prompt}}}");
        var message = await JsonAsync("v1/messages", $"{{{Prompt},\"max_tokens\":9}}");
        Assert.Equal(message.GetProperty("usage").GetProperty("input_tokens").GetInt32(), count.GetProperty("input_tokens").GetInt32());
    }

    [Theory]
    [InlineData("openai/deployments/d1/chat/completions?api-version=2024-10-21", "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "d1")]
    [InlineData("openai/deployments/d1/embeddings", "{\"input\":\"x\",\"model\":\"other\"}", "d1")]
    [InlineData("openai/v1/completions", "{\"model\":\"m\",\"prompt\":\"x\"}", "m")]
    public async Task Azure_path_names_the_model_where_it_holds_one(string path, string body, string model) =>
        Assert.Equal(model, (await JsonAsync(path, body)).GetProperty("model").GetString());

    [Fact]
    public async Task Models_are_listed_in_the_shape_of_the_client()
    {
        Assert.Contains("\"owned_by\"", await provider.Client.GetStringAsync(new Uri("v1/models", UriKind.Relative)), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/models");
        request.Headers.Add("anthropic-version", "2023-06-01");
        using var response = await provider.Client.SendAsync(request);
        Assert.Contains("\"has_more\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> JsonAsync(string path, string body)
    {
        using var response = await PostAsync(path, body);
        Assert.Equal(200, (int)response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement;
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body) =>
        provider.Client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
}
