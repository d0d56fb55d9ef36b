using System.Net;
using System.Net.Http.Headers;
using Serilog.Events;

namespace Gateway.Telemetry;

/// <summary>
/// Posts batches to Seq. A batch that Seq refuses is lost; while Seq cannot be reached the batch is kept and tried again at growing intervals,
/// and what then finds the queue full is dropped by the sink in front.
/// </summary>
internal sealed class SeqLogWriter : ILogWriter
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly ClefWriter _clef = new();
    private readonly HttpClient _client;
    private readonly Uri _address;
    private readonly string? _apiKey;
    private readonly TimeProvider _time;

    public SeqLogWriter(Uri server, string? apiKey, TimeProvider time, HttpMessageHandler? handler = null)
    {
        _address = new Uri(server.AbsoluteUri.TrimEnd('/') + "/api/events/raw");
        _apiKey = apiKey;
        _time = time;
        _client = new HttpClient(handler ?? new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        { Timeout = Timeout };
    }

    public async ValueTask<bool> WriteAsync(IReadOnlyList<LogEvent> batch, CancellationToken cancellationToken)
    {
        _clef.Clear();
        foreach (var logEvent in batch)
        {
            _clef.Write(logEvent);
        }

        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (await PostAsync(cancellationToken) is { } taken)
            {
                return taken;
            }

            await Task.Delay(pause, _time, cancellationToken);
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _clef.Dispose();
    }

    /// <summary>True: taken. False: refused for good. Null: worth another try.</summary>
    private async Task<bool?> PostAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ReadOnlyMemoryContent(_clef.Lines) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.serilog.clef") { CharSet = "utf-8" };
        if (_apiKey is not null)
        {
            request.Headers.Add("X-Seq-ApiKey", _apiKey);
        }

        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode ? true
                : response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError ? null
                : false;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
