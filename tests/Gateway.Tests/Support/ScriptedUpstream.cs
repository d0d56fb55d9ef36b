using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Support;

/// <summary>A request as a provider received it.</summary>
public sealed record UpstreamRequest(string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>A provider on a free loopback port that answers as the test says and remembers what it received.</summary>
public sealed class ScriptedUpstream : IAsyncDisposable
{
    /// <summary>A whole Chat Completions answer.</summary>
    public const string ChatAnswer = """
        {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"Fine."},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}
        """;

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<UpstreamRequest> _seen = [];

    private ScriptedUpstream(WebApplication app) => _app = app;

    public string BaseUrl { get; private set; } = "";

    /// <summary>What was received, in order.</summary>
    public IReadOnlyCollection<UpstreamRequest> Seen => _seen;

    /// <summary>How to answer; a plain Chat answer unless a test says otherwise.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = context => WriteJsonAsync(context, 200, ChatAnswer);

    public static async Task<ScriptedUpstream> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var upstream = new ScriptedUpstream(builder.Build());
        upstream._app.Urls.Add("http://127.0.0.1:0");
        upstream._app.Run(upstream.TakeAsync);
        await upstream._app.StartAsync();
        upstream.BaseUrl = upstream._app.Urls.Single();
        return upstream;
    }

    public static async Task WriteJsonAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }

    /// <summary>Writes each chunk and flushes it.</summary>
    public static async Task WriteStreamAsync(HttpContext context, params IEnumerable<byte[]> chunks)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "text/event-stream";
        }

        foreach (var chunk in chunks)
        {
            await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    /// <summary>Forgets what was received.</summary>
    public void Forget() => _seen.Clear();

    /// <summary>Stops listening.</summary>
    public async Task StopAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(soon.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        _seen.Enqueue(new UpstreamRequest(context.Request.Path, context.Request.QueryString.Value ?? "", headers, body.ToArray()));
        await Answer(context);
    }
}
