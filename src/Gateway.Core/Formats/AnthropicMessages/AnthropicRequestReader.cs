using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>Reads Messages requests.</summary>
internal static class AnthropicRequestReader
{
    /// <summary>Reads the body of <paramref name="request"/>.</summary>
    public static RequestFault? Read(ExchangeRequest request) => RequestReader.Read(request, AnthropicRequestShape.Body, Finish);

    /// <summary>Reads the body of a token count.</summary>
    public static RequestFault? ReadCount(ExchangeRequest request) => RequestReader.Read(request, AnthropicRequestShape.CountBody, static (_, _) => null);

    private static RequestFault? Finish(JsonView view, ExchangeRequest request)
    {
        // Every stream of this format reports usage; there is nothing to ask for and nothing to take out.
        request.ClientWantsStreamUsage = request.Stream;
        return null;
    }
}
