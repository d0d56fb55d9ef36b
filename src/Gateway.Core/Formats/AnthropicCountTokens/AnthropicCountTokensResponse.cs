using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.AnthropicCountTokens;

/// <summary>Reads the answer of a token count: <c>{"input_tokens":N}</c>.</summary>
internal static class AnthropicCountTokensResponse
{
    private static readonly NameTable s_names = WireNames.Of<Member>();

    private enum Member
    {
        Type,
        InputTokens,
        Error,
    }

    /// <summary>See <see cref="WholeAnswer.TryRead"/>.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, MessageContent content) => WholeAnswer.TryRead(body, content, Walk);

    private static bool Walk(ReadOnlySpan<byte> json, IResponseSink sink)
    {
        var walk = new MemberWalk(json, s_names, sink);
        if (!walk.Open())
        {
            return false;
        }

        ulong seen = 0;
        var isKnown = false;
        while (walk.Next(ref seen, out var member))
        {
            switch ((Member)member)
            {
                case Member.InputTokens when JsonMembers.TryCount(in walk.Reader, out var tokens):
                    sink.Usage(new TokenUsage(tokens, 0));
                    isKnown = true;
                    break;
                case Member.Type when walk.IsString && walk.Here.Is("error"u8):
                    sink.Error(null);
                    isKnown = true;
                    break;
                case Member.Error when !walk.IsNull:
                    sink.Error(ErrorWords.Code(walk.Reader, "type"u8));
                    walk.Leaves(TextPlaces.Metadata, -1);
                    isKnown = true;
                    break;
                default:
                    walk.Everything(TextPlaces.Metadata, -1);
                    break;
            }
        }

        walk.Close();
        return isKnown;
    }
}
