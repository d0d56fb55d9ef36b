using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Telemetry;

namespace Gateway.Proxy;

/// <summary>Overrides and content rules over a whole response body.</summary>
internal static class ResponseGuard
{
    /// <summary>Records all findings; returns the first that stops the answer.</summary>
    public static Finding? Judge(MessageContent content, ReadOnlySpan<byte> body, Exchange exchange)
    {
        var policy = exchange.Policy!;
        var before = exchange.OtherFindings.Count;
        foreach (var call in content.ToolCalls)
        {
            (exchange.CalledTools ??= new ToolNames()).Add(call.Name);
        }

        AnswerOverrides.Judge(content, policy.Emergency, exchange.OtherFindings.Add);
        if (policy.Runs(GuardId.Content))
        {
            var texts = new GuardTexts(content);
            ContentScan.Run(texts, body, policy.Content, exchange.OtherFindings.Add);
            exchange.Ledger.Inspect(TrafficDirection.Response, GuardId.Content, texts.HandedOut);
        }

        for (var i = before; i < exchange.OtherFindings.Count; i++)
        {
            if (exchange.OtherFindings[i].Blocks)
            {
                return exchange.OtherFindings[i];
            }
        }

        return null;
    }

    /// <summary>
    /// The bytes that may be sent, or what stops them. Redacting guards come first: the content rules judge the answer as it goes on. A guard that
    /// fails has cleared nothing.
    /// </summary>
    public static (ReadOnlyMemory<byte> Sent, Finding? Block) Judge(
        ReadOnlyMemory<byte> body, MessageContent content, ExchangeFeature feature, IReadOnlyList<ITextRedactor> redactors)
    {
        var exchange = feature.Exchange;
        ReadOnlyMemory<byte>? redacted;
        try
        {
            redacted = ResponseRedaction.Apply(body, content, feature.Format, exchange, redactors);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            exchange.OtherFindings.Add(BodyRedaction.Failed(Surface.Output));
            redacted = null;
        }

        return redacted is { } sent
            ? (sent, Judge(content, sent.Span, exchange))
            : (default, exchange.OtherFindings.Find(finding => finding.Blocks));
    }

    /// <summary>The provider's own words about a wrong request, or null when there are none or the output rules stop them.</summary>
    public static string? ErrorMessage(MessageContent? content, Exchange exchange)
    {
        if (content?.ErrorMessage is not { Length: > 0 and <= 2048 } message)
        {
            return null;
        }

        return Judge(content, default, exchange) is null ? message : null;
    }
}
