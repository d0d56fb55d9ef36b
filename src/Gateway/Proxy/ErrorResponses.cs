using System.Buffers;
using System.Globalization;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;

namespace Gateway.Proxy;

/// <summary>Sends the gateway's own answers in the shape of the wire format, and names the decision in headers.</summary>
internal static class ErrorResponses
{
    /// <summary>Carries the decision id on every answer of the traffic listener.</summary>
    public const string DecisionHeader = "x-gateway-decision-id";

    /// <summary>Carries the version of the policy snapshot that was applied.</summary>
    public const string PolicyHeader = "x-gateway-policy-version";

    /// <summary>Concludes the exchange with an error and sends it. Nothing is sent when the response has begun or the client is gone.</summary>
    public static async ValueTask RefuseAsync(
        HttpContext context, IWireFormat format, Exchange exchange, Outcome outcome, GatewayError error, string? reason = null)
    {
        exchange.Conclude(outcome, reason ?? error.WireCode, error.Code);
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        var body = new ArrayBufferWriter<byte>(512);
        format.WriteError(error, body);
        SetHeaders(context.Response, exchange, error);
        await SendAsync(context, exchange, body.WrittenMemory).ConfigureAwait(false);
    }

    /// <summary>Sends a whole answer of the gateway's own with status 200.</summary>
    public static async ValueTask SendOwnAsync(HttpContext context, Exchange exchange, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = exchange.Request is { Stream: true } request ? StreamType(request) : "application/json";
        await SendAsync(context, exchange, body).ConfigureAwait(false);
    }

    /// <summary>The content type of a streamed answer.</summary>
    public static string StreamType(ExchangeRequest request) => request.Framing.MediaType() + "; charset=utf-8";

    /// <summary>Status and headers of an error. SDKs retry 429 and 5xx at once unless they are told when: the .NET OpenAI client reads only whole seconds.</summary>
    public static void SetHeaders(HttpResponse response, Exchange exchange, in GatewayError error)
    {
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        response.Headers["x-request-id"] = exchange.Id;
        response.Headers["request-id"] = exchange.Id;
        if (error.Status is StatusCodes.Status429TooManyRequests or >= 500)
        {
            var seconds = Math.Max(1, (long)Math.Ceiling((error.RetryAfter ?? TimeSpan.FromSeconds(1)).TotalSeconds));
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static async ValueTask SendAsync(HttpContext context, Exchange exchange, ReadOnlyMemory<byte> body)
    {
        exchange.Status = context.Response.StatusCode;
        exchange.MarkFirstByte();
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        exchange.ResponseBytes = body.Length;
    }
}
