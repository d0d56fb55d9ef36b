namespace Gateway.Core.Formats.Responses;

/// <summary>The text of the gateway's own errors.</summary>
internal static class ErrorMessage
{
    /// <summary>The message with the decision id in it, under which a developer can ask about it.</summary>
    public static string Of(in GatewayError error) =>
        error.DecisionId.Length == 0 || error.Message.Contains(error.DecisionId, StringComparison.Ordinal)
            ? error.Message
            : $"{error.Message} (decision {error.DecisionId})";
}
