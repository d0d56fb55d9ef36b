using System.ClientModel;
using System.Runtime.CompilerServices;
using System.Text;
using OpenAI;
using OpenAI.Chat;

namespace Gateway.Tests.Clients;

/// <summary>The .NET package <c>OpenAI</c>, Chat Completions.</summary>
public sealed class OpenAIScenarioClient(string gatewayUrl, string key) : IScenarioClient
{
    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool(
        "get_weather", "The weather in a city.", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""));

    public string Path => "/v1/chat/completions";

    public string BlockWord => "policy_blocked";

    // The SDK reads no error frame; it fails on the frame's impossible role, whose text carries code and decision id.
    public Type StreamException => typeof(ArgumentOutOfRangeException);

    public string Model(string behaviour) => $"gpt-4o-{behaviour}-{Guid.NewGuid():N}";

    public Type ExceptionFor(int status) => typeof(ClientResultException);

    public int? StatusOf(Exception exception) => (exception as ClientResultException)?.Status;

    public async Task<Answer> AskAsync(Ask ask, CancellationToken cancellationToken)
    {
        ChatCompletion completion = await Chat(ask).CompleteChatAsync(Messages(ask), Options(ask), cancellationToken);
        var call = completion.ToolCalls.SingleOrDefault();
        return new Answer(string.Concat(completion.Content.Select(p => p.Text)), call?.FunctionName, call?.FunctionArguments.ToString());
    }

    public async IAsyncEnumerable<string> StreamAsync(Ask ask, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var call = new StringBuilder();
        await foreach (var update in Chat(ask).CompleteChatStreamingAsync(Messages(ask), Options(ask), cancellationToken))
        {
            foreach (var part in update.ContentUpdate.Where(p => p.Text.Length > 0))
                yield return part.Text;
            foreach (var toolCall in update.ToolCallUpdates)
                call.Append(toolCall.FunctionName is { } name ? name + " " : "").Append(toolCall.FunctionArgumentsUpdate);
        }

        if (call.Length > 0)
            yield return call.ToString();
    }

    private ChatClient Chat(Ask ask) =>
        new(ask.Model, new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(gatewayUrl + "/v1") });

    private static ChatCompletionOptions Options(Ask ask)
    {
        var options = new ChatCompletionOptions();
        if (ask.DeclaresTool)
            options.Tools.Add(Weather);
        return options;
    }

    private static List<ChatMessage> Messages(Ask ask)
    {
        var messages = ask.History.Select((text, i) => i % 2 == 0 ? (ChatMessage)new UserChatMessage(text) : new AssistantChatMessage(text)).ToList();
        var parts = new List<ChatMessageContentPart> { ChatMessageContentPart.CreateTextPart(ask.Text) };
        if (ask.PngImage is { } image)
            parts.Add(ChatMessageContentPart.CreateImagePart(image, "image/png"));
        messages.Add(new UserChatMessage(parts));
        if (ask.ToolResult is { } result)
        {
            messages.Add(new AssistantChatMessage([ChatToolCall.CreateFunctionToolCall("call_1", "get_weather", BinaryData.FromString("""{"city":"Oslo"}"""))]));
            messages.Add(new ToolChatMessage("call_1", result));
        }

        return messages;
    }
}
