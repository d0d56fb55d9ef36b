using System.ClientModel;
using System.Text;
using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using OpenAI;
using OpenAI.Chat;
using Xunit;

namespace Gateway.Tests.Simulation;

/// <summary>The official .NET packages against the simulated provider.</summary>
public sealed class SimulatedProviderSdkTests(SimulatedProviderFixture provider) : IClassFixture<SimulatedProviderFixture>
{
    private ChatClient OpenAIChat => new(
        "gpt-4o-mini", new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(provider.Provider.BaseAddress, "v1") });

    private AnthropicClient AnthropicClient => new() { BaseUrl = provider.Provider.BaseAddress.ToString(), ApiKey = "none", MaxRetries = 0 };

    [Fact]
    public async Task OpenAI_plain_answer_and_usage_are_read()
    {
        ChatCompletion completion = await OpenAIChat.CompleteChatAsync("say: hello there");

        Assert.Equal("hello there", completion.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, completion.FinishReason);
        Assert.Equal(completion.Usage.TotalTokenCount, completion.Usage.InputTokenCount + completion.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task OpenAI_stream_joins_to_the_text()
    {
        var text = new StringBuilder();
        await foreach (var update in OpenAIChat.CompleteChatStreamingAsync([new UserChatMessage("say: hello there")]))
        {
            text.AppendJoin("", update.ContentUpdate.Select(part => part.Text));
        }

        Assert.Equal("hello there", text.ToString());
    }

    [Fact]
    public async Task OpenAI_tool_is_called_and_its_result_answered()
    {
        var options = new ChatCompletionOptions
        {
            Tools = { ChatTool.CreateFunctionTool("get_weather", "Weather.", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}}}""")) },
        };
        List<ChatMessage> messages = [new UserChatMessage("""get_weather {"city":"Oslo"}""")];

        ChatCompletion first = await OpenAIChat.CompleteChatAsync(messages, options);
        messages.Add(new AssistantChatMessage(first));
        messages.Add(new ToolChatMessage(first.ToolCalls[0].Id, "rain"));
        ChatCompletion second = await OpenAIChat.CompleteChatAsync(messages, options);

        Assert.Equal(ChatFinishReason.ToolCalls, first.FinishReason);
        Assert.Equal("""{"city":"Oslo"}""", first.ToolCalls[0].FunctionArguments.ToString());
        Assert.Equal("The tool answered: rain", second.Content[0].Text);
    }

    [Fact]
    public async Task OpenAI_error_is_a_typed_exception()
    {
        var fault = await Assert.ThrowsAsync<ClientResultException>(() => OpenAIChat.CompleteChatAsync("simulate: error-401"));

        Assert.Equal(401, fault.Status);
        Assert.Contains("invalid_api_key", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anthropic_plain_answer_and_usage_are_read()
    {
        using var client = AnthropicClient;
        var message = await client.Messages.Create(Ask("say: hello there"));

        Assert.True(message.Content[0].TryPickText(out var text));
        Assert.Equal("hello there", text.Text);
        Assert.Equal(3, message.Usage.OutputTokens);
    }

    [Fact]
    public async Task Anthropic_stream_joins_to_the_text()
    {
        using var client = AnthropicClient;
        var text = new StringBuilder();
        await foreach (var streamed in client.Messages.CreateStreaming(Ask("say: hello there")))
        {
            if (streamed.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var piece))
            {
                text.Append(piece.Text);
            }
        }

        Assert.Equal("hello there", text.ToString());
    }

    [Fact]
    public async Task Anthropic_tool_is_called()
    {
        using var client = AnthropicClient;
        var schema = new InputSchema { Properties = new Dictionary<string, JsonElement> { ["city"] = JsonDocument.Parse("""{"type":"string"}""").RootElement } };
        var message = await client.Messages.Create(Ask("""get_weather {"city":"Oslo"}""") with { Tools = [new Tool { Name = "get_weather", InputSchema = schema }] });

        Assert.True(message.Content[0].TryPickToolUse(out var use));
        Assert.Equal("get_weather", use.Name);
        Assert.Equal("Oslo", use.Input["city"].GetString());
    }

    [Fact]
    public async Task Anthropic_error_inside_a_stream_is_a_typed_exception()
    {
        using var client = AnthropicClient;
        var fault = await Assert.ThrowsAsync<AnthropicSseException>(async () =>
        {
            await foreach (var _ in client.Messages.CreateStreaming(Ask("simulate: stream-error")))
            {
            }
        });

        Assert.Contains("Overloaded", fault.Message, StringComparison.Ordinal);
    }

    private static MessageCreateParams Ask(string text) => new()
    {
        MaxTokens = 256,
        Model = "claude-sonnet-5",
        Messages = [new UserMessageParam { Content = text }],
    };
}
