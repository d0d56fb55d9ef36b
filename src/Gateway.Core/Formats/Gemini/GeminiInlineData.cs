using System.Buffers;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.Gemini;

/// <summary>
/// Bytes that stand in the request itself. Text among them is read whatever media type it claims; what is no text is marked by its media type
/// as something the gateway does not look into.
/// </summary>
internal static class GeminiInlineData
{
    /// <summary><c>inlineData</c> of a part of the given surface.</summary>
    public static Shape Shape(Surface surface, Trust trust)
    {
        var document = surface is Surface.User or Surface.Assistant or Surface.Reasoning ? Surface.Document : surface;
        var raw = Text(surface, trust, SegmentFlags.Binary);
        var text = Text(document, trust, SegmentFlags.Binary);
        return ProtoObject(
            Field("mimeType", Meta),
            Field("displayName", Meta),
            Field("data", new Shape { Kind = ShapeKind.Tag, ReadAs = [raw, text] })).Then(
                (ref ShapeWalker walker, int token) => Read(ref walker, token, raw, text),
                Capability.Image,
                Capability.Audio,
                Capability.Video,
                Capability.BinaryDocument);
    }

    /// <summary>The member <paramref name="camel"/> of a message, under either name; -1 when it is absent.</summary>
    public static int Member(JsonView view, int token, string camel)
    {
        var value = view.Member(token, System.Text.Encoding.ASCII.GetBytes(camel));
        return value >= 0 ? value : view.Member(token, System.Text.Encoding.ASCII.GetBytes(ProtoNames.Snake(camel)));
    }

    private static string? Read(ref ShapeWalker walker, int token, Shape raw, Shape text)
    {
        var data = walker.View.Member(token, "data"u8);
        if (data < 0 || walker.View[data].Kind == JsonKind.Null)
        {
            return null;
        }

        if (walker.View[data].Kind != JsonKind.String)
        {
            return RequestFaultReasons.WrongType;
        }

        var media = walker.View.Text(Member(walker.View, token, "mimeType")) ?? "";
        var isText = GeminiMedia.IsText(media);
        var shape = isText ? text : raw;
        walker.Walk(data, shape);
        if (!Decode(ref walker, data, text) || !isText)
        {
            walker.Request?.Uses.Add(new CapabilityUse(GeminiMedia.CapabilityOf(media), walker.View[data].Start));
        }

        return null;
    }

    private static bool Decode(ref ShapeWalker walker, int data, Shape text)
    {
        var inner = walker.View.Inner(data);
        byte[]? rented = null;
        if (walker.View[data].IsEscaped)
        {
            rented = ArrayPool<byte>.Shared.Rent(inner.Length);
            inner = rented.AsSpan(0, JsonStrings.Unescape(inner, rented.AsSpan()));
        }

        var found = new Decoded(walker, data, text);
        var isText = EncodedText.TryRead(inner, ref found, static (utf8, ref found) =>
            found.Walker.EmitDecoded(utf8, found.Token, found.Shape.Surface, found.Shape.Trust));
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return isText;
    }

    private readonly ref struct Decoded(ShapeWalker walker, int token, Shape shape)
    {
        public ShapeWalker Walker { get; } = walker;

        public int Token { get; } = token;

        public Shape Shape { get; } = shape;
    }
}
