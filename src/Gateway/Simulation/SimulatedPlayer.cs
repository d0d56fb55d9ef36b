using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace Gateway.Simulation;

/// <summary>Reads a request, asks <see cref="SimulatedScript"/> for the answer and sends it, with the delays and faults that its modes ask for.</summary>
internal sealed class SimulatedPlayer(TimeProvider time)
{
    private const string Json = "application/json";

    /// <summary>Answers one request in <paramref name="format"/>, whose body names the model, or whose path does in <paramref name="pathModel"/>.</summary>
    public async Task PlayAsync(HttpContext context, ISimulatedFormat format, string? pathModel = null)
    {
        var body = await ReadBodyAsync(context);
        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        context.Response.Headers[format.RequestIdHeader] = $"req_{hash[..24]}";
        try
        {
            using var document = JsonDocument.Parse(body);
            var request = format.Read(pathModel is null ? document.RootElement : SimulatedJson.WithModel(document.RootElement, pathModel), hash);
            var modes = SimulatedModes.Read(request.Model, request.UserText);
            if (modes.Unknown is { } word)
            {
                throw new SimulatedRefusalException($"unknown simulation mode '{word}'");
            }

            await AnswerAsync(context, format, request, modes);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or SimulatedRefusalException && !context.Response.HasStarted)
        {
            var message = fault is SimulatedRefusalException ? fault.Message : "We could not parse the JSON body of your request.";
            await WriteErrorAsync(context, format, 400, message, hash);
        }
    }

    private static async Task<byte[]> ReadBodyAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        return buffer.ToArray();
    }

    private async Task AnswerAsync(HttpContext context, ISimulatedFormat format, SimulatedRequest request, SimulatedModes modes)
    {
        await WaitAsync(context, modes.Fault == SimulatedFault.Stall ? Timeout.InfiniteTimeSpan : modes.FirstByteDelay);
        var answers = SimulatedScript.Answer(request, modes);
        if (modes.ErrorStatus is { } status)
        {
            await WriteErrorAsync(context, format, status, "The simulated provider was asked to fail.", request.Hash);
        }
        else if (modes.Fault == SimulatedFault.WrongType)
        {
            await WriteAsync(context, 200, "text/html; charset=utf-8", "<html><body>Not an API.</body></html>"u8.ToArray());
        }
        else if (request.Stream)
        {
            await StreamAsync(context, format, request, answers, modes);
        }
        else if (modes.Fault is SimulatedFault.StreamError)
        {
            await WriteErrorAsync(context, format, 500, "The simulated provider was asked to fail.", request.Hash);
        }
        else
        {
            await WholeAsync(context, format.Whole(request, answers), modes.Fault);
        }
    }

    private async Task WholeAsync(HttpContext context, byte[] whole, SimulatedFault fault)
    {
        if (fault is SimulatedFault.None)
        {
            await WriteAsync(context, 200, Json, whole);
            return;
        }

        var half = whole.AsMemory(0, whole.Length / 2);
        context.Response.ContentType = Json;
        context.Response.ContentLength = fault switch
        {
            SimulatedFault.BrokenJson => half.Length,
            SimulatedFault.Truncated => null,
            _ => whole.Length,
        };
        await context.Response.Body.WriteAsync(half, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await EndHalfwayAsync(context, fault);
    }

    private async Task StreamAsync(HttpContext context, ISimulatedFormat format, SimulatedRequest request, ImmutableArray<SimulatedAnswer> answers, SimulatedModes modes)
    {
        context.Response.ContentType = format.StreamType;
        context.Response.Headers.CacheControl = "no-cache";
        var frames = format.Frames(request, answers);
        var faultAt = modes.Fault == SimulatedFault.None ? -1 : frames.Length / 2;
        for (var index = 0; index < frames.Length; index++)
        {
            await WaitAsync(context, index == 0 ? TimeSpan.Zero : modes.EventDelay);
            if (index == faultAt && modes.Fault != SimulatedFault.BrokenJson)
            {
                if (modes.Fault == SimulatedFault.StreamError)
                {
                    await WriteFrameAsync(context, format.ErrorFrame(request.Hash));
                }

                await EndHalfwayAsync(context, modes.Fault);
                return;
            }

            await WriteFrameAsync(context, index == faultAt ? Broken(frames[index]) : frames[index]);
        }
    }

    // Waits for good on a stall; breaks the connection on a cut; otherwise the response just ends. The server closes the connection
    // after a response that has started and failed, once what was written is sent; HttpContext.Abort would throw that away.
    private async Task EndHalfwayAsync(HttpContext context, SimulatedFault fault)
    {
        if (fault is SimulatedFault.Stall or SimulatedFault.StallMidStream)
        {
            await WaitAsync(context, Timeout.InfiniteTimeSpan);
        }
        else if (fault is SimulatedFault.Cut)
        {
            throw new IOException("The simulated provider was asked to break the connection.");
        }
    }

    private static byte[] Broken(byte[] frame) => [.. frame.AsSpan(0, frame.Length - (frame.Length / 3)), .. "\n\n"u8];

    private static async Task WriteFrameAsync(HttpContext context, byte[] frame)
    {
        await context.Response.Body.WriteAsync(frame, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static async Task WriteErrorAsync(HttpContext context, ISimulatedFormat format, int status, string message, string hash)
    {
        if (status is 429 or 503 or 529)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        await WriteAsync(context, status, Json, format.Error(status, message, hash));
    }

    private static async Task WriteAsync(HttpContext context, int status, string type, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private Task WaitAsync(HttpContext context, TimeSpan delay) =>
        delay == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(delay, time, context.RequestAborted);
}
