using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.AnthropicMessages;
using Gateway.Core.Formats.Json;
using Gateway.Core.Formats.OpenAIChat;
using Gateway.Core.Formats.OpenAIResponses;

namespace Gateway.Core.Tests.Formats.Requests;

/// <summary>One segment, resolved.</summary>
internal sealed record Found(string Path, Surface Surface, Trust Trust, SegmentFlags Flags, int Group, string Text);

/// <summary>Reads a body and keeps everything the reader said.</summary>
internal sealed record Reading(ExchangeRequest Request, RequestFault? Fault, IReadOnlyList<Found> Segments)
{
    public static IWireFormat OpenAI { get; } = new OpenAIChatFormat();

    public static IWireFormat Anthropic { get; } = new AnthropicMessagesFormat();

    public static IWireFormat Responses { get; } = new OpenAIResponsesFormat();

    public static Reading Of(IWireFormat format, string body) => Of(format, Encoding.UTF8.GetBytes(body));

    /// <summary>Every capability.</summary>
    public static CapabilitySet Everything { get; } = Enum.GetValues<Capability>().Aggregate(default(CapabilitySet), (set, capability) => set.With(capability));

    public static Reading Of(IWireFormat format, byte[] body, CapabilitySet tolerates = default)
    {
        var request = new ExchangeRequest { Body = body, Tolerates = tolerates };
        var fault = format.ReadRequest(request);
        var segments = new List<Found>();
        foreach (var segment in request.Content.Segments)
        {
            var path = fault is null ? JsonPath.At(body, segment.TokenStart) : "";
            segments.Add(new Found(path, segment.Surface, segment.Trust, segment.Flags, segment.Group, request.Content.TextOf(segment).ToString()));
        }

        return new Reading(request, fault, segments);
    }

    /// <summary>The OpenAI body with one user message and <paramref name="members"/>.</summary>
    public static Reading OfOpenAI(string members) =>
        Of(OpenAI, $$"""{"model":"m","messages":[{"role":"user","content":"x"}]{{(members.Length == 0 ? "" : ",")}}{{members}}}""");

    /// <summary>The Responses body with one user message and <paramref name="members"/>.</summary>
    public static Reading OfResponses(string members) =>
        Of(Responses, $$"""{"model":"m","input":"x"{{(members.Length == 0 ? "" : ",")}}{{members}}}""");

    /// <summary>The Responses body with <paramref name="items"/> as its input.</summary>
    public static Reading OfItems(string items) => Of(Responses, $$"""{"model":"m","store":false,"input":[{{items}}]}""");

    /// <summary>The Anthropic body with one user message and <paramref name="members"/>.</summary>
    public static Reading OfAnthropic(string members) =>
        Of(Anthropic, $$"""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}]{{(members.Length == 0 ? "" : ",")}}{{members}}}""");
}
