using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Policies;

namespace Gateway.Proxy;

/// <summary>What clients are told when an answer is withheld or cut.</summary>
internal static class Notices
{
    /// <summary>Whether the policy wants refusals instead of errors.</summary>
    public static bool Refuses(this Exchange exchange) => exchange.Policy?.OnViolation == ViolationResponse.Refusal;

    /// <summary>A rule stopped the request or the answer.</summary>
    public static CutNotice Blocked(Exchange exchange, Finding block) => new(exchange.Refuses(), Error(exchange, block));

    /// <summary>The error for a blocking finding. A model that may not be used does not exist for the client.</summary>
    public static GatewayError Error(Exchange exchange, Finding block) => block.Guard == GuardId.Model
        ? block.Message is null ? UnknownModel(exchange) : new GatewayError(ErrorCode.ModelNotFound, block.Message, exchange.Id, block.Path)
        : new GatewayError(
            ErrorCode.PolicyBlocked, block.Message ?? $"Blocked by policy rule '{block.Rule}'.", exchange.Id, block.Path);

    /// <summary>The error for a model that the tenant may not use.</summary>
    public static GatewayError UnknownModel(Exchange exchange) => new(
        ErrorCode.ModelNotFound, $"The model '{Shown(exchange.Request?.Model)}' does not exist or may not be used.", exchange.Id, "model");

    /// <summary>A stream ended otherwise than by its own terminator.</summary>
    public static CutNotice For(StreamEnd end, Exchange exchange)
    {
        if (end == StreamEnd.Violation && exchange.OtherFindings.Find(finding => finding.Blocks) is { } block)
        {
            return Blocked(exchange, block);
        }

        var (code, message) = end switch
        {
            StreamEnd.GuardError => (ErrorCode.GuardFailed, "A guard that must read the answer failed."),
            StreamEnd.UpstreamTimeout => (ErrorCode.UpstreamTimeout, "The provider went silent; the answer is not complete."),
            StreamEnd.ProviderError => (ErrorCode.UpstreamFailed, "The provider reported an error; the answer is not complete."),
            StreamEnd.ShuttingDown => (ErrorCode.ShuttingDown, "The gateway is shutting down; the answer is not complete."),
            _ => (ErrorCode.UpstreamFailed, "The provider's stream broke off or cannot be read; the answer is not complete."),
        };
        return new CutNotice(Refusal: false, new GatewayError(code, message, exchange.Id));
    }

    private static string Shown(string? model) => model is null ? "" : new string([.. model.Take(64).Where(c => !char.IsControl(c))]);
}
