using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Simulation;

/// <summary>
/// The model provider that the gateway runs with when none is configured: an HTTP server inside the process, on a free loopback
/// port, that speaks OpenAI Chat Completions, Responses, legacy Completions, Embeddings and lists of models, Anthropic Messages and token counts,
/// Gemini, plain and streamed, below <c>/v1</c> and on Azure's paths. It takes any credential, keeps nothing and logs nothing. What it answers: <see cref="SimulatedScript"/>; how it can be made to
/// fail: <see cref="SimulatedModes"/>.
/// </summary>
public sealed class SimulatedProvider : IHostedService, IAsyncDisposable
{
    private const long MaxBodyBytes = 64L * 1024 * 1024;
    private readonly WebApplication _server;
    private readonly SimulatedPlayer _player;
    private readonly Dictionary<string, ISimulatedFormat> _formats = new(StringComparer.Ordinal)
    {
        ["/v1/chat/completions"] = new SimulatedChat(),
        ["/v1/responses"] = new SimulatedResponses(),
        ["/v1/completions"] = new SimulatedCompletions(),
        ["/v1/embeddings"] = new SimulatedEmbeddings(),
        ["/v1/messages"] = new SimulatedMessages(),
        ["/v1/messages/count_tokens"] = new SimulatedCount(),
    };

    private Task? _started;

    /// <summary>Makes the provider; nothing listens before <see cref="StartAsync"/>.</summary>
    /// <param name="time">The clock of its delays.</param>
    public SimulatedProvider(TimeProvider time)
    {
        _player = new SimulatedPlayer(time);

        // An empty builder reads no configuration and logs nowhere: the gateway's own addresses and sinks are not its business.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });

        // Under their usual names the gateway's traces and metrics would count the provider's requests as the gateway's own.
        builder.Services.AddSingleton(_ => new ActivitySource("Gateway.Simulation"));
        builder.Services.AddSingleton(_ => new DiagnosticListener("Gateway.Simulation"));
        builder.Services.AddSingleton<IMeterFactory, SimulatedMeterFactory>();

        // The default lifetime would end this server at SIGTERM, while the gateway still drains streams that come from it.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        _server = builder.Build();
        _server.Run(DispatchAsync);
    }

    /// <summary>Where it listens, such as <c>http://127.0.0.1:40123/</c>. Throws <see cref="InvalidOperationException"/> before it has started.</summary>
    public Uri BaseAddress => _started is { IsCompletedSuccessfully: true }
        ? new Uri(_server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single())
        : throw new InvalidOperationException("The simulated provider has not started.");

    /// <summary>Starts listening; a second call waits for the first, so the host may start early what it also runs as a service.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _started ??= _server.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task DispatchAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (HttpMethods.IsGet(context.Request.Method) && path == "/v1/models")
        {
            return SimulatedModels.AnswerAsync(context);
        }

        var (operation, model) = Split(path);
        if (HttpMethods.IsPost(context.Request.Method) && _formats.TryGetValue(operation, out var format))
        {
            return _player.PlayAsync(context, format, model);
        }

        if (HttpMethods.IsPost(context.Request.Method) && Gemini(context.Request) is { } gemini)
        {
            return _player.PlayAsync(context, gemini);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    // Azure's paths: a deployment stands before the operation, or /openai before the usual path.
    private static (string Operation, string? Model) Split(string path)
    {
        const string Deployments = "/openai/deployments/";
        if (!path.StartsWith(Deployments, StringComparison.Ordinal))
        {
            return (path.StartsWith("/openai/v1/", StringComparison.Ordinal) ? path["/openai".Length..] : path, null);
        }

        var rest = path[Deployments.Length..];
        var end = rest.IndexOf('/', StringComparison.Ordinal);
        return end < 0 ? (path, null) : ("/v1" + rest[end..], rest[..end]);
    }

    private static ISimulatedFormat? Gemini(HttpRequest request)
    {
        if (request.Path.Value?.Split('/') is not ["", "v1" or "v1alpha" or "v1beta", "models", var last] || last.Split(':') is not [var model, var method])
        {
            return null;
        }

        return method switch
        {
            "generateContent" => new SimulatedGemini(model, stream: false, isArray: false),
            "streamGenerateContent" => new SimulatedGemini(model, stream: true, isArray: request.Query["alt"] != "sse"),
            "countTokens" or "embedContent" or "batchEmbedContents" => new SimulatedGeminiNumbers(model, method),
            _ => null,
        };
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
