using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;

namespace Gateway.Proxy;

/// <summary>Replaces in a whole answer what redacting guards find. What then goes on is read again, and judged as it goes on.</summary>
internal static class ResponseRedaction
{
    /// <summary>The bytes to send, in <paramref name="content"/> as read from them; null where they cannot be sent.</summary>
    public static ReadOnlyMemory<byte>? Apply(
        ReadOnlyMemory<byte> body, MessageContent content, IWireFormat format, Exchange exchange, IReadOnlyList<ITextRedactor> redactors)
    {
        if (redactors.Count == 0)
        {
            return body;
        }

        var blocks = false;
        void Report(Finding finding)
        {
            exchange.OtherFindings.Add(finding);
            blocks |= finding.Blocks;
        }

        var edits = BodyRedaction.Run(content, body.Span, redactors, exchange.Policy!.Mode, Report);
        if (blocks || edits.Count == 0)
        {
            return blocks ? null : body;
        }

        var edited = BodyEdit.Apply(body.Span, edits);
        if (format.TryReadResponse(edited, content))
        {
            return edited;
        }

        exchange.OtherFindings.Add(BodyRedaction.Failed(Surface.Output));
        return null;
    }
}
