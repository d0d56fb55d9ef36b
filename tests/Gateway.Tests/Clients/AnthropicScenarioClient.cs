using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using Type = System.Type;

namespace Gateway.Tests.Clients;

/// <summary>The .NET package <c>Anthropic</c>, Messages.</summary>
public sealed class AnthropicScenarioClient(string gatewayUrl, string key) : IScenarioClient
{
    private static readonly Dictionary<string, JsonElement> Oslo = Members("""{"city":"Oslo"}""");

    private static readonly Tool Weather = new()
    {
        Name = "get_weather",
        Description = "The weather in a city.",
        InputSchema = new InputSchema { Properties = Members("""{"city":{"type":"string"}}"""), Required = ["city"] },
    };

    public string Path => "/v1/messages";

    public string BlockWord => "permission_error";

    public Type StreamException => typeof(AnthropicSseException);

    public string Model(string behaviour) => $"claude-{behaviour}-{Guid.NewGuid():N}";

    public Type ExceptionFor(int status) => status switch
    {
        400 => typeof(AnthropicBadRequestException),
        401 => typeof(AnthropicUnauthorizedException),
        403 => typeof(AnthropicForbiddenException),
        404 => typeof(AnthropicNotFoundException),
        413 => typeof(AnthropicContentTooLargeException),
        429 => typeof(AnthropicRateLimitException),
        503 => typeof(AnthropicServiceUnavailableException),
        504 => typeof(AnthropicGatewayTimeoutException),
        529 => typeof(AnthropicOverloadedException),
        _ => typeof(Anthropic5xxException),
    };

    public int? StatusOf(Exception exception) => (int?)(exception as AnthropicApiException)?.StatusCode;

    public async Task<Answer> AskAsync(Ask ask, CancellationToken cancellationToken)
    {
        using var client = Client();
        var message = await client.Messages.Create(Parameters(ask), cancellationToken);
        var text = new StringBuilder();
        ToolUseBlock? call = null;
        foreach (var block in message.Content)
        {
            if (block.TryPickText(out var part))
                text.Append(part.Text);
            if (block.TryPickToolUse(out var use))
                call = use;
        }

        return new Answer(text.ToString(), call?.Name, call is null ? null : JsonSerializer.Serialize(call.Input));
    }

    public async IAsyncEnumerable<string> StreamAsync(Ask ask, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var client = Client();
        var call = new StringBuilder();
        await foreach (var streamed in client.Messages.CreateStreaming(Parameters(ask), cancellationToken))
        {
            if (streamed.TryPickContentBlockStart(out var start) && start.ContentBlock.TryPickToolUse(out var use))
                call.Append(use.Name).Append(' ');
            if (!streamed.TryPickContentBlockDelta(out var delta))
                continue;
            if (delta.Delta.TryPickInputJson(out var json))
                call.Append(json.PartialJson);
            if (delta.Delta.TryPickText(out var text) && text.Text.Length > 0)
                yield return text.Text;
        }

        if (call.Length > 0)
            yield return call.ToString();
    }

    private AnthropicClient Client() => new() { BaseUrl = gatewayUrl, ApiKey = key };

    private static MessageCreateParams Parameters(Ask ask)
    {
        var parameters = new MessageCreateParams { MaxTokens = 256, Model = ask.Model, Messages = Messages(ask) };
        return ask.DeclaresTool ? parameters with { Tools = [Weather] } : parameters;
    }

    private static List<MessageParam> Messages(Ask ask)
    {
        var messages = ask.History.Select((text, i) => i % 2 == 0 ? User(text) : Assistant(text)).ToList();
        messages.Add(ask.PngImage is { } image ? User(Parts(ask.Text, image)) : User(ask.Text));
        if (ask.ToolResult is { } result)
        {
            messages.Add(Assistant(new List<ContentBlockParam> { new ToolUseBlockParam { ID = "toolu_1", Name = "get_weather", Input = Oslo } }));
            messages.Add(User(new List<ContentBlockParam> { new ToolResultBlockParam { ToolUseID = "toolu_1", Content = result } }));
        }

        return messages;
    }

    private static List<ContentBlockParam> Parts(string text, BinaryData image) =>
    [
        new TextBlockParam { Text = text },
        new ImageBlockParam { Source = new Base64ImageSource { Data = Convert.ToBase64String(image), MediaType = MediaType.ImagePng } },
    ];

    private static MessageParam User(MessageContentParam content) => new UserMessageParam { Content = content };

    private static MessageParam Assistant(MessageContentParam content) => new AssistantMessageParam { Content = content };

    private static Dictionary<string, JsonElement> Members(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json) ?? [];
}
