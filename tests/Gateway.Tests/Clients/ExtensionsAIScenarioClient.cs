using System.ClientModel;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI;

namespace Gateway.Tests.Clients;

/// <summary><c>Microsoft.Extensions.AI</c> over the .NET package <c>OpenAI</c>, Chat Completions.</summary>
public sealed class ExtensionsAIScenarioClient(string gatewayUrl, string key) : IScenarioClient
{
    private static readonly AIFunctionDeclaration Weather = AIFunctionFactory.CreateDeclaration(
        "get_weather", "The weather in a city.", JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""));

    public string Path => "/v1/chat/completions";

    public string BlockWord => "policy_blocked";

    public Type StreamException => typeof(ArgumentOutOfRangeException);

    public string Model(string behaviour) => $"gpt-4o-{behaviour}-{Guid.NewGuid():N}";

    public Type ExceptionFor(int status) => typeof(ClientResultException);

    public int? StatusOf(Exception exception) => (exception as ClientResultException)?.Status;

    public async Task<Answer> AskAsync(Ask ask, CancellationToken cancellationToken)
    {
        using var client = Client(ask.Model);
        var response = await client.GetResponseAsync(Messages(ask), Options(ask), cancellationToken);
        var call = Calls(response.Messages.SelectMany(m => m.Contents)).SingleOrDefault();
        return new Answer(response.Text, call?.Name, call is null ? null : JsonSerializer.Serialize(call.Arguments));
    }

    public async IAsyncEnumerable<string> StreamAsync(Ask ask, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var client = Client(ask.Model);
        await foreach (var update in client.GetStreamingResponseAsync(Messages(ask), Options(ask), cancellationToken))
        {
            if (update.Text.Length > 0)
                yield return update.Text;
            foreach (var call in Calls(update.Contents))
                yield return $"{call.Name} {JsonSerializer.Serialize(call.Arguments)}";
        }
    }

    private IChatClient Client(string model) =>
        new OpenAIClient(new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(gatewayUrl + "/v1") }).GetChatClient(model).AsIChatClient();

    private static ChatOptions Options(Ask ask) => new() { Tools = ask.DeclaresTool ? [Weather] : null };

    private static List<ChatMessage> Messages(Ask ask)
    {
        var messages = ask.History.Select((text, i) => new ChatMessage(i % 2 == 0 ? ChatRole.User : ChatRole.Assistant, text)).ToList();
        var contents = new List<AIContent> { new TextContent(ask.Text) };
        if (ask.PngImage is { } image)
            contents.Add(new DataContent(image.ToMemory(), "image/png"));
        messages.Add(new ChatMessage(ChatRole.User, contents));
        if (ask.ToolResult is { } result)
        {
            messages.Add(new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("call_1", "get_weather", new Dictionary<string, object?> { ["city"] = "Oslo" })]));
            messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent("call_1", result)]));
        }

        return messages;
    }

    private static IEnumerable<FunctionCallContent> Calls(IEnumerable<AIContent> contents) => contents.OfType<FunctionCallContent>();
}
