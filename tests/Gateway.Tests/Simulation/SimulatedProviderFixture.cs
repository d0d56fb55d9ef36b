using System.Text;
using System.Text.Json;
using Gateway.Simulation;
using Xunit;

namespace Gateway.Tests.Simulation;

/// <summary>A running simulated provider and a plain client for it.</summary>
public sealed class SimulatedProviderFixture : IAsyncLifetime
{
    internal RecordedTime Time { get; } = new();

    internal SimulatedProvider Provider { get; private set; } = null!;

    internal HttpClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Provider = new SimulatedProvider(Time);
        await Provider.StartAsync(CancellationToken.None);
        Client = new HttpClient { BaseAddress = Provider.BaseAddress };
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await Provider.StopAsync(CancellationToken.None);
        await Provider.DisposeAsync();
    }

    internal Task<HttpResponseMessage> ChatAsync(string body) => PostAsync("v1/chat/completions", body);

    internal Task<HttpResponseMessage> MessagesAsync(string body) => PostAsync("v1/messages", body);

    internal async Task<JsonElement> ChatJsonAsync(string body) => await JsonAsync(await ChatAsync(body));

    internal async Task<JsonElement> MessagesJsonAsync(string body) => await JsonAsync(await MessagesAsync(body));

    internal static string Chat(string text, string more = "") =>
        $$"""{"model":"gpt-4o-mini","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":{{JsonSerializer.Serialize(text)}}}]{{more}}}""";

    internal static string Messages(string text, string more = "") =>
        $$"""{"model":"claude-sonnet-5","max_tokens":1000,"messages":[{"role":"user","content":{{JsonSerializer.Serialize(text)}}}]{{more}}}""";

    /// <summary>The frames of an SSE body: event name (empty if none) and data.</summary>
    internal static async Task<IReadOnlyList<(string Event, string Data)>> FramesAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        return
        [
            .. body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(frame =>
            {
                var lines = frame.Split('\n');
                var name = lines.FirstOrDefault(line => line.StartsWith("event: ", StringComparison.Ordinal))?[7..] ?? "";
                return (name, lines.Single(line => line.StartsWith("data: ", StringComparison.Ordinal))[6..]);
            }),
        ];
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement;
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body) =>
        Client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") },
            HttpCompletionOption.ResponseHeadersRead);
}

/// <summary>A clock whose timers fire at once and are written down; infinite ones never fire.</summary>
public sealed class RecordedTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _delays = [];

    /// <summary>The finite delays asked for since the last call.</summary>
    public IReadOnlyList<TimeSpan> Take()
    {
        lock (_gate)
        {
            TimeSpan[] taken = [.. _delays];
            _delays.Clear();
            return taken;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == Timeout.InfiniteTimeSpan)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        lock (_gate)
        {
            _delays.Add(dueTime);
        }

        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
