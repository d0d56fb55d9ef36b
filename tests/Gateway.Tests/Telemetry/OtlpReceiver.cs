using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Telemetry;

/// <summary>Takes OTLP over HTTP on a free loopback port.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<ReceivedSpan> _spans = Channel.CreateUnbounded<ReceivedSpan>();
    private readonly Channel<string> _metrics = Channel.CreateUnbounded<string>();

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/traces", TakeSpansAsync);
        _app.MapPost("/v1/metrics", TakeMetricsAsync);
    }

    public string Address => _app.Urls.Single();

    public IReadOnlyList<string> ResourceAttributes { get; private set; } = [];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>The next spans, as many as asked for.</summary>
    public async Task<List<ReceivedSpan>> SpansAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var spans = new List<ReceivedSpan>();
        while (spans.Count < count)
        {
            spans.Add(await _spans.Reader.ReadAsync(patience.Token));
        }

        return spans;
    }

    /// <summary>All spans that have come.</summary>
    public List<ReceivedSpan> SpansSoFar()
    {
        var spans = new List<ReceivedSpan>();
        while (_spans.Reader.TryRead(out var span))
        {
            spans.Add(span);
        }

        return spans;
    }

    /// <summary>Reads metric names until <paramref name="name"/> comes.</summary>
    public async Task MetricAsync(string name)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await _metrics.Reader.ReadAsync(patience.Token) != name)
        {
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeSpansAsync(HttpRequest request)
    {
        foreach (var resource in Proto.Read(await BodyAsync(request)).Where(field => field.Number == 1))
        {
            ResourceAttributes = [.. Proto.Read(resource.Bytes).Where(field => field.Number == 1).SelectMany(field => Proto.Attributes(field.Bytes, 1)).Select(pair => $"{pair.Key}={pair.Value}")];
            foreach (var span in Proto.Read(resource.Bytes).Where(field => field.Number == 2)
                .SelectMany(scope => Proto.Read(scope.Bytes)).Where(field => field.Number == 2))
            {
                await _spans.Writer.WriteAsync(ReceivedSpan.From(span.Bytes));
            }
        }
    }

    private async Task TakeMetricsAsync(HttpRequest request)
    {
        var names = Proto.Read(await BodyAsync(request)).Where(field => field.Number == 1)
            .SelectMany(resource => Proto.Read(resource.Bytes)).Where(field => field.Number == 2)
            .SelectMany(scope => Proto.Read(scope.Bytes)).Where(field => field.Number == 2)
            .Select(metric => Proto.Read(metric.Bytes).First(field => field.Number == 1).Text);
        foreach (var name in names)
        {
            await _metrics.Writer.WriteAsync(name);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return body.ToArray();
    }
}

/// <summary>A span as it came.</summary>
internal sealed record ReceivedSpan(string TraceId, string SpanId, string ParentId, string Name, int Kind, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<string> Events)
{
    public const int Server = 2;
    public const int Client = 3;

    // Span: trace_id=1 span_id=2 parent_span_id=4 name=5 kind=6 attributes=9 events=11; Event: name=2.
    public static ReceivedSpan From(ReadOnlyMemory<byte> bytes)
    {
        var fields = Proto.Read(bytes);
        string Hex(int number) => Convert.ToHexStringLower(fields.FirstOrDefault(field => field.Number == number).Bytes.Span);
        return new ReceivedSpan(
            Hex(1), Hex(2), Hex(4),
            fields.First(field => field.Number == 5).Text,
            (int)fields.First(field => field.Number == 6).Value,
            Proto.Attributes(bytes, 9).ToDictionary(),
            [.. fields.Where(field => field.Number == 11).Select(item => Proto.Read(item.Bytes).First(field => field.Number == 2).Text)]);
    }
}
