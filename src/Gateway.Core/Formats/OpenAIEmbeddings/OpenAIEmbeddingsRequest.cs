using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.OpenAIEmbeddings;

/// <summary>The body of an Embeddings request. Each input is a text of its own for the model.</summary>
internal static class OpenAIEmbeddingsRequest
{
    private static readonly Shape s_user = Text(Surface.User, Trust.User);
    private static readonly Shape s_tokenIds = Array(Integer).Uses(Capability.TokenIds);

    /// <summary>The whole body.</summary>
    public static Shape Body { get; } = Root(
    [
        Field("model", Meta.Then(RequestReader.Model)),
        Needed("input", Either(text: s_user, array: Messages(Either(text: s_user, array: s_tokenIds, numbers: s_tokenIds)), numbers: s_tokenIds)),
        Field("encoding_format", Word("float", "base64")),
        Field("dimensions", Integer),
        Field("user", Meta.Then(RequestReader.EndUser)),
        .. RefusedMembers.Except("input"),
        RefusedMembers.Foreign("messages"),
    ]);

    /// <summary>Reads the body of <paramref name="request"/>.</summary>
    public static RequestFault? Read(ExchangeRequest request) => RequestReader.Read(request, Body, static (_, _) => null);
}
