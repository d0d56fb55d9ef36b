using System.Net;
using Gateway.Telemetry;
using Microsoft.Extensions.Time.Testing;
using Serilog.Events;
using Serilog.Parsing;
using Xunit;

namespace Gateway.Tests.Telemetry;

public sealed class SeqLogWriterTests
{
    private static readonly LogEvent[] Batch =
    [
        new(DateTimeOffset.UnixEpoch, LogEventLevel.Warning, null, new MessageTemplate("first", [new TextToken("first")]), []),
        new(DateTimeOffset.UnixEpoch, LogEventLevel.Information, null, new MessageTemplate("second", [new TextToken("second")]), []),
    ];

    [Fact]
    public async Task Write_posts_clef_with_the_key_in_a_header()
    {
        var seq = new Answers(HttpStatusCode.Created);
        using var writer = Writer(seq, TimeProvider.System);

        Assert.True(await writer.WriteAsync(Batch, CancellationToken.None));
        Assert.Equal(
            ("http://seq.example.com:5341/api/events/raw", "secret-key", "application/vnd.serilog.clef; charset=utf-8"),
            (seq.Address, seq.ApiKey, seq.ContentType));
        Assert.Equal(
            "{\"@t\":\"1970-01-01T00:00:00Z\",\"@mt\":\"first\",\"@l\":\"Warning\"}\n{\"@t\":\"1970-01-01T00:00:00Z\",\"@mt\":\"second\"}\n", seq.Body);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.RequestEntityTooLarge)]
    public async Task Write_refused_for_good_is_lost_at_once(HttpStatusCode status)
    {
        var seq = new Answers(status);
        using var writer = Writer(seq, TimeProvider.System);

        Assert.False(await writer.WriteAsync(Batch, CancellationToken.None));
        Assert.Equal(1, seq.Calls);
    }

    [Fact]
    public async Task Write_while_seq_is_down_keeps_the_batch_until_it_is_back()
    {
        var time = new FakeTimeProvider();
        var seq = new Answers(null, HttpStatusCode.ServiceUnavailable, HttpStatusCode.Created);
        using var writer = Writer(seq, time);

        var written = writer.WriteAsync(Batch, CancellationToken.None).AsTask();
        while (!written.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.True(await written);
        Assert.Equal(3, seq.Calls);
    }

    [Fact]
    public async Task Write_ends_when_the_gateway_stops()
    {
        using var stop = new CancellationTokenSource();
        var seq = new Answers(null, null, null, null);
        using var writer = Writer(seq, new FakeTimeProvider());

        var written = writer.WriteAsync(Batch, stop.Token).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => written);
    }

    private static SeqLogWriter Writer(Answers seq, TimeProvider time) => new(new Uri("http://seq.example.com:5341/"), "secret-key", time, seq);

    /// <summary>Answers one call after the other; null: no connection.</summary>
    private sealed class Answers(params HttpStatusCode?[] statuses) : HttpMessageHandler
    {
        public int Calls { get; private set; }

        public string? Address { get; private set; }

        public string? ApiKey { get; private set; }

        public string? ContentType { get; private set; }

        public string? Body { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Address = request.RequestUri!.AbsoluteUri;
            ApiKey = request.Headers.GetValues("X-Seq-ApiKey").Single();
            ContentType = request.Content!.Headers.ContentType!.ToString();
            Body = await request.Content.ReadAsStringAsync(cancellationToken);
            return statuses[Calls++] is { } status ? new HttpResponseMessage(status) : throw new HttpRequestException();
        }
    }
}
