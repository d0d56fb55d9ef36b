using System.Buffers;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Telemetry;
using Gateway.Proxy.Encodings;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace Gateway.Proxy;

/// <summary>
/// Decides on the provider's answer before any of it goes out: a JSON body is read whole and judged, a stream is wrapped. What it may not send
/// it replaces or leaves to the middleware, which answers with an error or tries again.
/// </summary>
internal sealed class ResponseInspectionTransform(TimeProvider time, DrainSignal drain, IEnumerable<ITextRedactor> redacting)
{
    private readonly ITextRedactor[] _redactors = [.. redacting];

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
        else if (status >= 400 && feature.MayRetry && UpstreamErrors.IsWorthAnotherAttempt(status))
        {
            feature.WantsRetry = true;
            transform.SuppressResponseBody = true;
        }
        else if (!BodyEncodings.TryParse(response.Content.Headers.ContentEncoding, out var encoding))
        {
            Withhold(transform, feature, UpstreamErrors.Unusable(feature.Exchange, "content_encoding"));
        }
        else if (status >= 400)
        {
            await OnErrorAsync(transform, feature, response, encoding).ConfigureAwait(false);
        }
        else if (!HasTypeAskedFor(response, feature.Exchange.Request!))
        {
            Withhold(transform, feature, UpstreamErrors.Unusable(feature.Exchange, "content_type"));
        }
        else if (feature.Exchange.Request!.Stream)
        {
            await OnStreamAsync(transform, feature, response, encoding).ConfigureAwait(false);
        }
        else
        {
            await OnBodyAsync(transform, feature, response, encoding).ConfigureAwait(false);
        }
    }

    /// <summary>A stream must be framed as the client expects; a whole answer is any that the format can read.</summary>
    private static bool HasTypeAskedFor(HttpResponseMessage response, ExchangeRequest request) =>
        IsType(response, request.Stream ? request.Framing.MediaType() : StreamFraming.Events.MediaType()) == request.Stream;

    private static bool IsType(HttpResponseMessage response, string mediaType) =>
        string.Equals(response.Content.Headers.ContentType?.MediaType, mediaType, StringComparison.OrdinalIgnoreCase);

    private static async ValueTask OnErrorAsync(
        ResponseTransformContext transform, ExchangeFeature feature, HttpResponseMessage response, BodyEncoding encoding)
    {
        using var content = new MessageContent();
        var (body, fault) = await ResponseBodyReader.ReadAsync(response, encoding, UpstreamErrors.LargestBody, transform.CancellationToken).ConfigureAwait(false);
        var understood = fault == BodyFault.None && feature.Format.TryReadResponse(body, content) && content.IsError;
        Withhold(transform, feature, UpstreamErrors.Rewrite(feature, (int)response.StatusCode, understood ? content : null, response));
    }

    private async ValueTask OnStreamAsync(ResponseTransformContext transform, ExchangeFeature feature, HttpResponseMessage response, BodyEncoding encoding)
    {
        var exchange = feature.Exchange;
        var inspector = new StreamInspector(
            feature.Format.CreateStreamReader(exchange.Request!),
            exchange.Policy!,
            exchange.OtherFindings.Add,
            end => Notices.For(end, exchange),
            _redactors,
            _redactors.Length > 0 ? feature.Format.CreateStreamReader(exchange.Request!) : null);
        var upstream = DecodedStream.Over(await response.Content.ReadAsStreamAsync(transform.CancellationToken).ConfigureAwait(false), encoding);

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

    private async ValueTask OnBodyAsync(
        ResponseTransformContext transform, ExchangeFeature feature, HttpResponseMessage response, BodyEncoding encoding)
    {
        var exchange = feature.Exchange;
        var most = exchange.Policy!.Limits.Size.ResponseBytes;
        var (bytes, fault) = await ResponseBodyReader.ReadAsync(response, encoding, most, transform.CancellationToken).ConfigureAwait(false);
        exchange.MarkUpstreamEnd();
        using var content = new MessageContent();
        if (fault != BodyFault.None || !feature.Format.TryReadResponse(bytes, content))
        {
            Withhold(transform, feature, UpstreamErrors.Unusable(exchange, Reason(fault)));
            return;
        }

        exchange.Response = new ResponseFacts(content.ResponseId, content.Model, [.. content.FinishReasons.OfType<string>()], content.Usage);
        if (content.IsError)
        {
            Withhold(transform, feature, UpstreamErrors.Unusable(exchange, "error_in_success"));
            return;
        }

        var (sent, block) = ResponseGuard.Judge(bytes, content, feature, _redactors);
        if (block is not null)
        {
            exchange.Conclude(Outcome.Blocked, block.Rule, ErrorCode.PolicyBlocked);
            Answer(transform, feature, Notices.Blocked(exchange, block));
            return;
        }

        ResponseHeaders.Copy(response, transform.HttpContext.Response);
        Send(transform, sent);
        exchange.Ledger.Deliver(TrafficDirection.Response, TextCounts.Of(content));
        exchange.MarkFirstByte();
    }

    private static string Reason(BodyFault fault) => fault switch
    {
        BodyFault.None => "response_not_understood",
        BodyFault.TooLarge => "response_too_large",
        _ => BodyFaults.Reason(fault),
    };

    private static void Answer(ResponseTransformContext transform, ExchangeFeature feature, CutNotice notice)
    {
        if (!notice.Refusal || !feature.Format.HasRefusals)
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
