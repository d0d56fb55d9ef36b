using System.ClientModel;
using System.Text;
using Gateway.Tests.Support;
using OpenAI.Responses;
using Xunit;

#pragma warning disable OPENAI001 // The package marks its client for Responses as experimental.

namespace Gateway.Tests.Clients;

/// <summary>An application that reads only the text of a Responses stream, with the .NET package <c>OpenAI</c>, must not take a cut answer for a whole one.</summary>
public sealed class DotNetResponsesCutTests : IAsyncLifetime
{
    private GatewayUnderTest? _started;

    private GatewayUnderTest Gateway => _started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => _started = await GatewayUnderTest.StartAsync();

    public async Task DisposeAsync() => await Gateway.DisposeAsync();

    [Theory]
    [InlineData("of the blue falcon.", "policy_blocked")]
    [InlineData("", "upstream_failed")]
    public async Task Stream_cut_in_the_middle_throws_code_and_decision(string forbidden, string code)
    {
        var heard = new TaskCompletionSource();
        var stream = Stream("Wings. ", forbidden);
        var middle = forbidden.Length == 0 ? stream.Length : stream.LastIndexOf("event:", StringComparison.Ordinal);
        Gateway.Upstream.Answer = async context =>
        {
            await ScriptedUpstream.WriteStreamAsync(context, Encoding.UTF8.GetBytes(stream[..middle]));
            await heard.Task.WaitAsync(context.RequestAborted);
            await ScriptedUpstream.WriteStreamAsync(context, Encoding.UTF8.GetBytes(stream[middle..]));
        };
        var client = new ResponsesClient(new ApiKeyCredential(Gateway.Key), new ResponsesClientOptions { Endpoint = new Uri(Gateway.Process.TrafficUrl + "/v1") });
        var options = new CreateResponseOptions { Model = "gpt-4o", StreamingEnabled = true };
        options.InputItems.Add(ResponseItem.CreateUserMessageItem("Tell me."));
        var text = new StringBuilder();
        var failure = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (var update in await client.CreateResponseStreamingAsync(options))
            {
                if (update is StreamingResponseOutputTextDeltaUpdate delta)
                {
                    text.Append(delta.Delta);
                    heard.TrySetResult();
                }
            }
        });
        Assert.Equal("Wings. ", text.ToString());
        Assert.Contains(code, failure.Message, StringComparison.Ordinal);
        Assert.Matches("decision [0-9a-zA-Z_-]{10,}", failure.Message);
    }

    private static string Stream(params string[] texts)
    {
        var stream = new StringBuilder(
            """
            event: response.created
            data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","created_at":1,"status":"in_progress","error":null,"incomplete_details":null,"instructions":null,"model":"gpt-4o","output":[],"parallel_tool_calls":true,"tool_choice":"auto","tools":[],"metadata":{}}}

            event: response.output_item.added
            data: {"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}

            event: response.content_part.added
            data: {"type":"response.content_part.added","sequence_number":2,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}}


            """.ReplaceLineEndings("\n"));
        var sequence = 3;
        foreach (var text in texts.Where(text => text.Length > 0))
        {
            stream.Append("event: response.output_text.delta\n").Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $$"""data: {"type":"response.output_text.delta","sequence_number":{{sequence++}},"item_id":"msg_1","output_index":0,"content_index":0,"delta":"{{text}}","logprobs":[]}""").Append("\n\n");
        }

        return stream.ToString();
    }
}
