using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Simulation;

/// <summary>
/// The model provider that the gateway runs with when none is configured: an HTTP server inside the process, on a free loopback
/// port, that speaks OpenAI Chat Completions (<c>/v1/chat/completions</c>) and Anthropic Messages (<c>/v1/messages</c>), plain and
/// streamed, and Gemini (<c>/v1beta/models/{model}:generateContent</c> and its sisters). It takes any credential, keeps nothing and logs nothing. What it answers: <see cref="SimulatedScript"/>; how it can be made to
/// fail: <see cref="SimulatedModes"/>.
/// </summary>
public sealed class SimulatedProvider : IHostedService, IAsyncDisposable
{
    private const long MaxBodyBytes = 64L * 1024 * 1024;
    private readonly WebApplication _server;
    private readonly SimulatedPlayer _player;
    private readonly SimulatedChat _chat = new();
    private readonly SimulatedMessages _messages = new();
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
        if (HttpMethods.IsPost(context.Request.Method))
        {
            switch (context.Request.Path.Value)
            {
                case "/v1/chat/completions":
                    return _player.PlayAsync(context, _chat);
                case "/v1/messages":
                    return _player.PlayAsync(context, _messages);
            }

            if (Gemini(context.Request) is { } gemini)
            {
                return _player.PlayAsync(context, gemini);
            }
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
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
