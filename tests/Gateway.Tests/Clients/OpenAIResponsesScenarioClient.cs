using System.ClientModel;
using System.Runtime.CompilerServices;
using System.Text;
using OpenAI.Responses;

#pragma warning disable OPENAI001 // The package marks its client for Responses as experimental.

namespace Gateway.Tests.Clients;

/// <summary>The .NET package <c>OpenAI</c>, Responses.</summary>
public sealed class OpenAIResponsesScenarioClient(string gatewayUrl, string key) : IScenarioClient
{
    private static readonly BinaryData Oslo = BinaryData.FromString("""{"city":"Oslo"}""");

    private static readonly FunctionTool Weather = ResponseTool.CreateFunctionTool(
        "get_weather", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""), strictModeEnabled: null, "The weather in a city.");

    public string Path => "/v1/responses";

    public string BlockWord => "policy_blocked";

    public Type StreamException => typeof(ArgumentOutOfRangeException);

    public string Model(string behaviour) => $"gpt-4o-{behaviour}-{Guid.NewGuid():N}";

    public Type ExceptionFor(int status) => typeof(ClientResultException);

    public int? StatusOf(Exception exception) => (exception as ClientResultException)?.Status;

    public async Task<Answer> AskAsync(Ask ask, CancellationToken cancellationToken)
    {
        ResponseResult response = await Client().CreateResponseAsync(Options(ask), cancellationToken);
        var call = response.OutputItems.OfType<FunctionCallResponseItem>().SingleOrDefault();
        return new Answer(response.GetOutputText() ?? "", call?.FunctionName, call?.FunctionArguments.ToString());
    }

    public async IAsyncEnumerable<string> StreamAsync(Ask ask, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = Options(ask);
        options.StreamingEnabled = true;
        var call = new StringBuilder();
        await foreach (var update in (await Client().CreateResponseStreamingAsync(options, cancellationToken)).WithCancellation(cancellationToken))
        {
            if (update is StreamingResponseOutputTextDeltaUpdate text)
                yield return text.Delta;
            if (update is StreamingResponseOutputItemAddedUpdate { Item: FunctionCallResponseItem item })
                call.Append(item.FunctionName).Append(' ');
            if (update is StreamingResponseFunctionCallArgumentsDeltaUpdate arguments)
                call.Append(arguments.Delta);
        }

        if (call.Length > 0)
            yield return call.ToString();
    }

    private ResponsesClient Client() => new(new ApiKeyCredential(key), new ResponsesClientOptions { Endpoint = new Uri(gatewayUrl + "/v1") });

    private static CreateResponseOptions Options(Ask ask)
    {
        var options = new CreateResponseOptions { Model = ask.Model };
        foreach (var item in Items(ask))
            options.InputItems.Add(item);
        if (ask.DeclaresTool)
            options.Tools.Add(Weather);
        return options;
    }

    private static List<ResponseItem> Items(Ask ask)
    {
        var items = ask.History.Select((text, i) => i % 2 == 0 ? (ResponseItem)ResponseItem.CreateUserMessageItem(text) : ResponseItem.CreateAssistantMessageItem(text)).ToList();
        var parts = new List<ResponseContentPart> { ResponseContentPart.CreateInputTextPart(ask.Text) };
        if (ask.PngImage is { } image)
            parts.Add(ResponseContentPart.CreateInputImagePart(new Uri($"data:image/png;base64,{Convert.ToBase64String(image)}")));
        items.Add(ResponseItem.CreateUserMessageItem(parts));
        if (ask.ToolResult is { } result)
        {
            items.Add(ResponseItem.CreateFunctionCallItem("call_1", "get_weather", Oslo));
            items.Add(ResponseItem.CreateFunctionCallOutputItem("call_1", result));
        }

        return items;
    }
}
