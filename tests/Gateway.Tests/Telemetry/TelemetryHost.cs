using System.Diagnostics;
using Gateway.Core.Decisions;
using Gateway.Core.Formats;
using Gateway.Core.Telemetry;
using Gateway.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Telemetry;

/// <summary>A host with the gateway's telemetry and one route that ends exchanges as the test says.</summary>
internal sealed class TelemetryHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TelemetryHost(WebApplication app) => _app = app;

    public HttpClient Client { get; } = new(new SocketsHttpHandler { ActivityHeadersPropagator = null });

    /// <summary>Starts it with settings written as <c>key=value</c>.</summary>
    public static async Task<TelemetryHost> StartAsync(DecisionRecord record, params string[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Select(item => item.Split('=', 2)).ToDictionary(item => item[0], item => (string?)item[1]));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddGatewayTelemetry();
        var app = builder.Build();
        app.MapGatewayMetrics();
        app.MapPost("/v1/chat/completions", context => ServeAsync(context, record));
        await app.StartAsync();
        var host = new TelemetryHost(app);
        host.Client.BaseAddress = new Uri(app.Urls.Single());
        return host;
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async Task PostAsync(string query = "", string? traceParent = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions" + query);
        if (traceParent is not null)
        {
            request.Headers.Add("traceparent", traceParent);
            request.Headers.Add("baggage", "gateway.tenant.id=forged");
        }

        using var response = await Client.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private static Task ServeAsync(HttpContext context, DecisionRecord record)
    {
        var tracing = context.RequestServices.GetRequiredService<GatewayTracing>();
        context.RequestServices.GetRequiredService<GatewayMetrics>().ExchangeStarted(FormatId.OpenAIChat);
        using (var inference = tracing.StartInference(new InferenceCall("openai", "gpt-4o-mini", new Uri("http://127.0.0.1:9/v1?key=secret"), Stream: true)))
        {
            GatewayTracing.FirstChunk(inference, TimeSpan.FromMilliseconds(20));
            GatewayTracing.CompleteInference(inference, record);
        }

        context.Response.Headers["x-activity"] = (Activity.Current is not null).ToString();
        context.RequestServices.GetRequiredService<ExchangeTelemetry>().Complete(context.ServerSpan(), FormatId.OpenAIChat, record);
        return Task.CompletedTask;
    }
}
