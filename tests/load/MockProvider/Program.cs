// A provider that costs as little as a server can: it reads the request whole and writes bytes made at start.
// The model's name chooses the answer: "burst" a stream at once, "paced" a stream event by event, anything else a plain answer.
// Usage: MockProvider --urls http://127.0.0.1:PORT
using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using MockProvider;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
var app = builder.Build();
var pacer = new Pacer();
app.Run(context => AnswerAsync(context, pacer));
app.Run();

static async Task AnswerAsync(HttpContext context, Pacer pacer)
{
    var body = context.Request.BodyReader;
    ReadResult read;
    while (!(read = await body.ReadAsync(context.RequestAborted)).IsCompleted)
    {
        body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
    }

    var kind = Answers.KindOf(read.Buffer, out var withUsage);
    body.AdvanceTo(read.Buffer.End);
    await (kind switch
    {
        AnswerKind.Burst => BurstAsync(context, withUsage ? Answers.BurstWithUsage : Answers.Burst),
        AnswerKind.Paced => PaceAsync(context, pacer, withUsage ? Answers.PacedWithUsage : Answers.Paced),
        _ => WriteAsync(context, "application/json", Answers.Plain),
    });
}

static Task WriteAsync(HttpContext context, string type, byte[] bytes)
{
    context.Response.ContentType = type;
    context.Response.ContentLength = bytes.Length;
    context.Response.BodyWriter.Write(bytes);
    return Task.CompletedTask;
}

// Each event is a write of its own, as a provider writes what it has; only without any pause between them.
static async Task BurstAsync(HttpContext context, byte[][] frames)
{
    context.Response.ContentType = Answers.EventStream;
    foreach (var frame in frames)
    {
        await context.Response.BodyWriter.WriteAsync(frame, context.RequestAborted);
    }
}

static async Task PaceAsync(HttpContext context, Pacer pacer, byte[][] frames)
{
    context.Response.ContentType = Answers.EventStream;
    var start = Stopwatch.GetTimestamp();
    for (var index = 0; index < frames.Length; index++)
    {
        await pacer.WaitUntilAsync(start + (index * 2 * Stopwatch.Frequency / 1000));
        await context.Response.BodyWriter.WriteAsync(frames[index], context.RequestAborted);
    }
}
