using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Tests.Formats.Requests;
using Gateway.Core.Tests.Formats.Streams;
using Xunit;

namespace Gateway.Core.Tests.Formats.SmallFormats;

/// <summary>What vLLM, Ollama, OpenRouter and Azure add to Chat Completions.</summary>
public sealed class ChatDialectTests
{
    /// <summary>Members that hand the model text outside the messages, change how the prompt is put together, or choose what answers.</summary>
    [Theory]
    [InlineData("chat_template", "\"x\"")]
    [InlineData("chat_template_kwargs", "{\"enable_thinking\":false}")]
    [InlineData("documents", "[{\"title\":\"a\",\"text\":\"b\"}]")]
    [InlineData("add_generation_prompt", "false")]
    [InlineData("continue_final_message", "true")]
    [InlineData("add_special_tokens", "true")]
    [InlineData("echo", "true")]
    [InlineData("mm_processor_kwargs", "{\"num_crops\":4}")]
    [InlineData("guided_json", "{\"type\":\"object\"}")]
    [InlineData("guided_regex", "\"a+\"")]
    [InlineData("guided_choice", "[\"a\"]")]
    [InlineData("guided_grammar", "\"root ::= x\"")]
    [InlineData("guided_whitespace_pattern", "\" *\"")]
    [InlineData("structured_outputs", "{\"regex\":\"a+\"}")]
    [InlineData("logits_processors", "[\"os.system\"]")]
    [InlineData("kv_transfer_params", "{\"remote_host\":\"evil.example\"}")]
    [InlineData("prompt_embeds", "\"AAAA\"")]
    [InlineData("prompt_token_ids", "[1]")]
    [InlineData("models", "[\"other\"]")]
    [InlineData("route", "\"fallback\"")]
    [InlineData("provider", "{\"order\":[\"other\"]}")]
    [InlineData("transforms", "[\"middle-out\"]")]
    [InlineData("plugins", "[{\"id\":\"web\"}]")]
    [InlineData("extra_body", "{}")]
    [InlineData("data_sources", "[]")]
    public void ReadRequest_member_that_carries_a_prompt_or_chooses_the_upstream_is_refused(string name, string value)
    {
        var fault = Reading.OfOpenAI($"\"{name}\":{value}").Fault;
        Assert.Equal(("unknown_field", $"$.{name}"), (fault?.Reason, fault?.Param));
    }

    [Theory]
    [InlineData("\"top_k\":40,\"min_p\":0.05,\"top_a\":0.1,\"repetition_penalty\":1.1,\"length_penalty\":1,\"min_tokens\":3")]
    [InlineData("\"ignore_eos\":true,\"skip_special_tokens\":false,\"spaces_between_special_tokens\":true,\"include_stop_str_in_output\":true")]
    [InlineData("\"use_beam_search\":false,\"best_of\":1,\"stop_token_ids\":[1,2],\"prompt_logprobs\":1,\"priority\":0,\"truncate_prompt_tokens\":100")]
    [InlineData("\"stream\":true,\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true}")]
    [InlineData("\"think\":true,\"reasoning_effort\":\"low\",\"keep_alive\":300,\"format\":null")]
    [InlineData("\"usage\":{\"include\":true},\"reasoning\":{\"max_tokens\":10,\"exclude\":true}")]
    public void ReadRequest_harmless_option_passes(string members) => Assert.Null(Reading.OfOpenAI(members).Fault);

    [Theory]
    [InlineData("\"request_id\":\"smuggled\"")]
    [InlineData("\"bad_words\":[\"smuggled\"]")]
    [InlineData("\"reasoning\":{\"effort\":\"smuggled\"}")]
    [InlineData("\"options\":{\"stop\":[\"smuggled\"]}")]
    [InlineData("\"vllm_xargs\":{\"smuggled\":1}")]
    public void ReadRequest_text_of_an_option_that_no_table_knows_is_read(string members)
    {
        var found = Reading.OfOpenAI(members);
        Assert.Null(found.Fault);
        Assert.Contains(found.Segments, segment => segment.Text == "smuggled");
    }

    [Fact]
    public void ReadRequest_azure_data_sources_are_refused() =>
        Assert.Equal("unknown_field", Reading.Of(Reading.OpenAI, GoldenFiles.Read("azure-chat.data-sources.request.json")).Fault?.Reason);

    /// <summary>Ollama's own format has arguments as objects; the compatible one has not.</summary>
    [Fact]
    public void ReadRequest_body_of_ollamas_own_format_is_refused() =>
        Assert.Equal("wrong_type", Reading.Of(Reading.OpenAI, GoldenFiles.Read("ollama-chat.tools.request.json")).Fault?.Reason);

    [Fact]
    public void Read_usage_in_every_chunk_withholds_none_that_has_text()
    {
        const string Usage = "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}";
        var run = StreamRun.Chat(
            $"data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"a\"}}}}],{Usage}}}\n\n" +
            $"data: {{\"choices\":[{{\"index\":0,\"delta\":{{}},\"finish_reason\":\"stop\"}}],{Usage}}}\n\n" +
            "data: [DONE]\n\n", wantsUsage: false);
        Assert.Empty(run.Withheld);
        Assert.Equal("a", run.Text(Surface.Output));
        Assert.True(run.IsTerminal);
    }

    [Fact]
    public void Read_calls_that_all_have_index_0_and_come_whole_are_several()
    {
        var run = StreamRun.Chat(Call("a", "first") + Call("b", "second") + "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\ndata: [DONE]\n\n");
        Assert.Equal([("first", "{\\\"x\\\":1}", true), ("second", "{\\\"x\\\":1}", true)], run.Calls().Select(call => (call.Name, call.Arguments.Replace("\"", "\\\"", StringComparison.Ordinal), call.Complete)));
    }

    [Theory]
    [InlineData("stop_reason", "\"blue falcon\"")]
    [InlineData("token_ids_text", "[\"blue falcon\"]")]
    public void TryRead_text_of_a_choice_that_no_table_knows_is_output(string name, string value)
    {
        using var content = new MessageContent();
        var body = $"{{\"choices\":[{{\"index\":0,\"message\":{{\"role\":\"assistant\",\"content\":\"x\"}},\"{name}\":{value}}}]}}";
        Assert.True(Reading.OpenAI.TryReadResponse(Encoding.UTF8.GetBytes(body), content));
        var surface = Surface.Metadata;
        foreach (var segment in content.Segments)
        {
            surface = content.TextOf(segment).SequenceEqual("blue falcon") ? segment.Surface : surface;
        }

        Assert.Equal(Surface.Output, surface);
    }

    private static string Call(string id, string name) =>
        $"data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"tool_calls\":[{{\"index\":0,\"id\":\"{id}\",\"type\":\"function\",\"function\":{{\"name\":\"{name}\",\"arguments\":\"{{\\\"x\\\":1}}\"}}}}]}}}}]}}\n\n";
}
