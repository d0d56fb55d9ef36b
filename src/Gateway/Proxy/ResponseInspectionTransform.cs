using System.Buffers;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace Gateway.Proxy;

/// <summary>
/// Decides on the provider's answer before any of it goes out: a JSON body is read whole and judged, a stream is wrapped. What it may not send
/// it replaces or leaves to the middleware, which answers with an error or tries again.
/// </summary>
internal sealed class ResponseInspectionTransform(TimeProvider time, DrainSignal drain)
{
    public async ValueTask ApplyAsync(ResponseTransformContext transform)
    {
        if (transform.ProxyResponse is not { } response)
        {
            return;
        }

        var feature = ExchangeFeature.Of(transform.HttpContext);
        feature.Exchange.UpstreamStatus = (int)response.StatusCode;
        try
        {
            await DecideAsync(transform, feature, response).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!transform.HttpContext.RequestAborted.IsCancellationRequested)
        {
            Withhold(transform, feature, UpstreamErrors.From(ForwarderError.RequestTimedOut, feature.Exchange));
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            Withhold(transform, feature, UpstreamErrors.From(ForwarderError.ResponseBodyDestination, feature.Exchange));
        }
    }

    private async ValueTask DecideAsync(ResponseTransformContext transform, ExchangeFeature feature, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (status is < 200 or (>= 300 and < 400))
        {
            // A redirect would take the client, its key and its prompt to another host.
            Withhold(transform, feature, UpstreamErrors.Unusable(feature.Exchange, "redirect"));
        }
        else if (status >= 400 || response.Content.Headers.ContentEncoding.Count > 0)
        {
            await OnErrorAsync(transform, feature, response, status).ConfigureAwait(false);
        }
        else if (!HasTypeAskedFor(response, feature.Exchange.Request!))
        {
            Withhold(transform, feature, UpstreamErrors.Unusable(feature.Exchange, "content_type"));
        }
        else if (feature.Exchange.Request!.Stream)
        {
            await OnStreamAsync(transform, feature, response).ConfigureAwait(false);
        }
        else
        {
            await OnBodyAsync(transform, feature, response).ConfigureAwait(false);
        }
    }

    /// <summary>A stream must be framed as the client expects; a whole answer is any that the format can read.</summary>
    private static bool HasTypeAskedFor(HttpResponseMessage response, ExchangeRequest request) =>
        IsType(response, request.Stream ? request.Framing.MediaType() : StreamFraming.Events.MediaType()) == request.Stream;

    private static bool IsType(HttpResponseMessage response, string mediaType) =>
        string.Equals(response.Content.Headers.ContentType?.MediaType, mediaType, StringComparison.OrdinalIgnoreCase);

    private static async ValueTask OnErrorAsync(ResponseTransformContext transform, ExchangeFeature feature, HttpResponseMessage response, int status)
    {
        if (status < 400)
        {
            Withhold(transform, feature, UpstreamErrors.Unusable(feature.Exchange, "content_encoding"));
            return;
        }

        if (feature.MayRetry && UpstreamErrors.IsWorthAnotherAttempt(status))
        {
            feature.WantsRetry = true;
            transform.SuppressResponseBody = true;
            return;
        }

        using var content = new MessageContent();
        var body = await ResponseBodyReader.ReadAsync(response, UpstreamErrors.LargestBody, transform.CancellationToken).ConfigureAwait(false);
        var understood = body is not null && feature.Format.TryReadResponse(body.Value, content) && content.IsError;
        Withhold(transform, feature, UpstreamErrors.Rewrite(feature, status, understood ? content : null, response));
    }

    private async ValueTask OnStreamAsync(ResponseTransformContext transform, ExchangeFeature feature, HttpResponseMessage response)
    {
        var exchange = feature.Exchange;
        var inspector = new StreamInspector(
            feature.Format.CreateStreamReader(exchange.Request!),
            exchange.Policy!,
            exchange.OtherFindings.Add,
            end => Notices.For(end, exchange));
        var upstream = await response.Content.ReadAsStreamAsync(transform.CancellationToken).ConfigureAwait(false);

        // A little less than YARP's own activity time-out: this one ends the stream in a way the SDKs raise on.
        var silence = TimeSpan.FromSeconds(feature.Provider!.Options.TimeoutSeconds * 0.9);
        var stream = new InspectedSseStream(upstream, inspector, silence, time, drain.Token);
        feature.Stream = stream;
        transform.ProxyResponse!.Content = new InspectedContent(stream, response.Content);
        await stream.PrimeAsync(transform.CancellationToken).ConfigureAwait(false);
        if (stream.EndedUnseen && !exchange.Refuses())
        {
            // Nothing was sent yet: an error with a status is clearer than a stream that begins with one, and no SDK retries it.
            Withhold(transform, feature, Notices.For(inspector.End, exchange).Error);
            return;
        }

        ResponseHeaders.Copy(response, transform.HttpContext.Response);
        transform.HttpContext.Response.ContentType = ErrorResponses.StreamType(exchange.Request!);
        transform.HttpContext.Response.Headers.CacheControl = "no-cache";
        exchange.MarkFirstByte();
    }

    private static async ValueTask OnBodyAsync(ResponseTransformContext transform, ExchangeFeature feature, HttpResponseMessage response)
    {
        var exchange = feature.Exchange;
        var body = await ResponseBodyReader.ReadAsync(response, exchange.Policy!.Limits.Size.ResponseBytes, transform.CancellationToken).ConfigureAwait(false);
        exchange.MarkUpstreamEnd();
        using var content = new MessageContent();
        if (body is not { } bytes || !feature.Format.TryReadResponse(bytes, content))
        {
            Withhold(transform, feature, UpstreamErrors.Unusable(exchange, body is null ? "response_too_large" : "response_not_understood"));
            return;
        }

        exchange.Response = new ResponseFacts(content.ResponseId, content.Model, [.. content.FinishReasons.OfType<string>()], content.Usage);
        exchange.InspectedResponseText = content.Text.Length;
        if (content.IsError)
        {
            Withhold(transform, feature, UpstreamErrors.Unusable(exchange, "error_in_success"));
            return;
        }

        if (ResponseGuard.Judge(content, bytes.Span, exchange) is { } block)
        {
            exchange.Conclude(Outcome.Blocked, block.Rule, ErrorCode.PolicyBlocked);
            Answer(transform, feature, Notices.Blocked(exchange, block));
            return;
        }

        ResponseHeaders.Copy(response, transform.HttpContext.Response);
        Send(transform, bytes);
        exchange.MarkFirstByte();
    }

    private static void Answer(ResponseTransformContext transform, ExchangeFeature feature, CutNotice notice)
    {
        if (!notice.Refusal)
        {
            Withhold(transform, feature, notice.Error);
            return;
        }

        var refusal = new ArrayBufferWriter<byte>(512);
        feature.Format.WriteRefusal(notice, feature.Exchange.Request!.Model, refusal);
        transform.HttpContext.Response.StatusCode = StatusCodes.Status200OK;
        Send(transform, refusal.WrittenMemory);
        feature.Exchange.MarkFirstByte();
    }

    private static void Send(ResponseTransformContext transform, ReadOnlyMemory<byte> body)
    {
        var original = transform.ProxyResponse!.Content;
        transform.ProxyResponse.Content = new ReadOnlyMemoryContent(body);
        transform.HttpContext.Response.ContentType = "application/json";
        transform.HttpContext.Response.ContentLength = body.Length;
        original.Dispose();
    }

    private static void Withhold(ResponseTransformContext transform, ExchangeFeature feature, GatewayError error)
    {
        feature.Error = error;
        transform.SuppressResponseBody = true;
    }
}
