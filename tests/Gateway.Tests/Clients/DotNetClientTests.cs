using Xunit;
using static Gateway.Tests.Clients.ClientScenarios;

namespace Gateway.Tests.Clients;

/// <summary>What must work: the official .NET SDKs, unmodified apart from base address and key, through the running gateway.</summary>
[Collection(ClientsGroup.Name)]
public sealed class DotNetClientTests(ClientsFixture fixture)
{
    public static TheoryData<string> Clients => [.. ClientsFixture.DotNetClients];

    [Theory, MemberData(nameof(Clients))]
    public async Task Ask_plain_returns_answer_and_hides_client_key(string name)
    {
        var client = fixture.Client(name);
        var model = client.Model("plain");

        var answer = await AskAsync(client, new Ask(model, "Hello."));

        Assert.Equal("messages=1 images=0 tools=0 results=0", answer.Text);
        var credential = Assert.Single(fixture.Provider.Seen(model).Credentials);
        Assert.Contains("upstream-secret", credential, StringComparison.Ordinal);
        Assert.DoesNotContain(fixture.Key, credential, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Stream_plain_returns_whole_text(string name)
    {
        var client = fixture.Client(name);

        var read = await StreamAsync(client, new Ask(client.Model("plain"), "Hello."));

        Assert.Equal(new Read("messages=1 images=0 tools=0 results=0", null), read);
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Ask_with_tool_returns_call_then_answer(string name)
    {
        var client = fixture.Client(name);
        var ask = new Ask(client.Model("tools"), "What is the weather in Oslo?") { DeclaresTool = true };

        var first = await AskAsync(client, ask);
        var second = await AskAsync(client, ask with { ToolResult = "rain" });

        Assert.Equal(new Answer("", "get_weather", """{"city":"Oslo"}"""), first);
        Assert.Equal("messages=3 images=0 tools=1 results=1", second.Text);
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Stream_with_tool_returns_whole_call(string name)
    {
        var client = fixture.Client(name);

        var read = await StreamAsync(client, new Ask(client.Model("tools"), "What is the weather in Oslo?") { DeclaresTool = true });

        Assert.Equal(new Read("""get_weather {"city":"Oslo"}""", null), read);
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Ask_with_image_passes_image_on(string name)
    {
        var client = fixture.Client(name);

        var answer = await AskAsync(client, new Ask(client.Model("plain"), "What is this?") { PngImage = Pixel });

        Assert.Equal("messages=1 images=1 tools=0 results=0", answer.Text);
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Ask_with_long_conversation_passes_every_message_on(string name)
    {
        var client = fixture.Client(name);
        // An odd number of messages: both formats end with a user turn.
        var history = Enumerable.Range(0, 200).Select(i => $"Turn {i}: some words that were said before.").ToList();

        var answer = await AskAsync(client, new Ask(client.Model("plain"), "And now?") { History = history });

        Assert.Equal("messages=201 images=0 tools=0 results=0", answer.Text);
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Stream_cancelled_by_client_reaches_provider_within_a_second(string name)
    {
        var client = fixture.Client(name);
        var fastest = TimeSpan.MaxValue;
        // A busy machine can only lengthen one passage; a gateway that waits for a timer or for the provider's end is slow every time.
        for (var attempt = 0; attempt < 3 && fastest >= TimeSpan.FromSeconds(1); attempt++)
        {
            var passage = await CancelAsync(client, client.Model("slow"));
            fastest = passage < fastest ? passage : fastest;
        }

        Assert.True(fastest < TimeSpan.FromSeconds(1), $"The provider saw the cancel after {fastest} at best.");
    }

    /// <summary>Cancels a stream after its first piece; how long it took until the provider saw its caller leave.</summary>
    private async Task<TimeSpan> CancelAsync(IScenarioClient client, string model)
    {
        using var cancel = new CancellationTokenSource(Limit);
        await using var pieces = client.StreamAsync(new Ask(model, "Talk."), cancel.Token).GetAsyncEnumerator(CancellationToken.None);
        Assert.True(await pieces.MoveNextAsync());

        // Cancelled while a read is pending: .NET closes at once only then, and drains for two seconds otherwise.
        var next = pieces.MoveNextAsync();
        while (next.IsCompleted && await next)
            next = pieces.MoveNextAsync();
        var cancelled = TimeProvider.System.GetUtcNow();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
        return await fixture.Provider.Seen(model).Left.WaitAsync(Limit) - cancelled;
    }

    private static async Task<Answer> AskAsync(IScenarioClient client, Ask ask)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await client.AskAsync(ask, limit.Token);
    }

    private static async Task<Read> StreamAsync(IScenarioClient client, Ask ask)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await ReadAsync(client.StreamAsync(ask, limit.Token));
    }
}
