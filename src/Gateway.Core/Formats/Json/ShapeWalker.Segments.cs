using System.Buffers;
using System.Text;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Json;

/// <summary>The part of the walker that writes segments and refusals.</summary>
internal ref partial struct ShapeWalker
{
    private static readonly SearchValues<byte> s_base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_"u8);

    /// <summary>Adds the string <paramref name="token"/> as a segment.</summary>
    private readonly void Emit(int token, Shape shape, SegmentFlags flags) => Emit(View, token, shape, flags, View[token].Start);

    private readonly void Emit(JsonView view, int token, Shape shape, SegmentFlags flags, int start)
    {
        var inner = view.Inner(token);
        if (inner.IsEmpty)
        {
            return;
        }

        var text = Content.Reserve(inner.Length);
        var length = view[token].IsEscaped ? JsonStrings.Unescape(inner, text) : Encoding.UTF8.GetChars(inner, text);
        Content.Add(shape.Surface, shape.Trust, flags | Checked(shape.Flags, inner), _group, start, length);
    }

    /// <summary>Adds text that was decoded from the string <paramref name="token"/>.</summary>
    public readonly void EmitDecoded(ReadOnlySpan<byte> utf8, int token, Surface surface, Trust trust)
    {
        if (!utf8.IsEmpty)
        {
            var length = Encoding.UTF8.GetChars(utf8, Content.Reserve(utf8.Length));
            Content.Add(surface, trust, SegmentFlags.None, _group, View[token].Start, length);
        }
    }

    /// <summary>
    /// Guards may pass over binary text, so the flag is taken back from a value that is not base64, or is base64 of text: else prose in a
    /// place meant for a picture would go unread.
    /// </summary>
    private static SegmentFlags Checked(SegmentFlags flags, ReadOnlySpan<byte> inner)
    {
        if ((flags & SegmentFlags.Binary) == 0)
        {
            return flags;
        }

        var data = inner;
        if (inner.StartsWith("data:"u8))
        {
            var comma = inner.IndexOf((byte)',');
            var isBinary = comma > 0 && inner[..comma].EndsWith(";base64"u8) && !inner.StartsWith("data:text/"u8);
            data = isBinary ? inner[(comma + 1)..] : " "u8;
        }

        return data.ContainsAnyExcept(s_base64) ? flags & ~SegmentFlags.Binary : flags;
    }

    /// <summary>Adds every string and name below <paramref name="root"/>. Names and values need no telling apart: the tokens say which is which.</summary>
    private readonly void Everything(JsonView view, int root, Shape shape, SegmentFlags flags, int start)
    {
        var end = Math.Min(view[root].Next, view.Count);
        for (var at = root; at < end; at++)
        {
            if (view[at].Kind == JsonKind.String)
            {
                var key = view[at].IsName ? SegmentFlags.Key : SegmentFlags.None;
                Emit(view, at, shape, flags | key, start < 0 ? view[at].Start : start);
            }
        }
    }

    private readonly void Schema(int token, Shape shape, bool isMap)
    {
        var end = View[token].Next;
        switch (View[token].Kind)
        {
            case JsonKind.String:
                Emit(token, shape, SegmentFlags.None);
                break;
            case JsonKind.Array:
                for (var at = token + 1; at < end; at = View[at].Next)
                {
                    Schema(at, shape, isMap: false);
                }

                break;
            case JsonKind.Object:
                for (var name = token + 1; name < end; name = View[name + 1].Next)
                {
                    SchemaMember(name, shape, isMap);
                }

                break;
            default:
                break;
        }
    }

    private readonly void SchemaMember(int name, Shape shape, bool isMap)
    {
        var word = View[name].IsEscaped ? default : View.Inner(name);
        var isKeyword = !isMap && SchemaWords.Keywords.Find(word) >= 0;
        var value = name + 1;
        if (!isKeyword)
        {
            Emit(name, shape, SegmentFlags.Key);
            Schema(value, shape, isMap: false);
            return;
        }

        var isType = word.SequenceEqual("type"u8) && View[value].Kind == JsonKind.String && SchemaWords.Types.Find(View.Inner(value)) >= 0;
        if (!isType)
        {
            Schema(value, shape, isMap: SchemaWords.Maps.Find(word) >= 0);
        }
    }

    /// <summary>
    /// The string itself as it reaches the provider, then the strings inside once more without their escapes. Text that is no JSON, or ends
    /// early, gives the strings up to there: the whole is a segment in any case.
    /// </summary>
    private void NestedJson(int token, Shape shape)
    {
        Emit(token, shape, SegmentFlags.None);
        var inner = View.Inner(token);
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, inner.Length));
        var json = buffer.AsSpan(0, JsonStrings.Unescape(inner, buffer.AsSpan()));
        _nested ??= new JsonTape();
        StrictJson.ReadNested(json, _nested);
        var view = _nested.View(json);
        for (var at = 0; at < view.Count; at++)
        {
            if (view[at].Kind == JsonKind.String)
            {
                var key = view[at].IsName ? SegmentFlags.Key : SegmentFlags.None;
                Emit(view, at, shape, SegmentFlags.Nested | key, View[token].Start);
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Refuses the body for what stands at <paramref name="token"/>.</summary>
    private bool Refuse(string reason, int token, string? message = null)
    {
        var path = JsonPath.Of(View, token);
        Fault = RequestFaults.At(reason, path, message);
        return false;
    }

    private bool RefuseField(int token, Shape shape) => Refuse(RequestFaultReasons.UnknownField, token, shape.Explanation);

    private bool RefuseMissing(int token, FieldTable fields)
    {
        foreach (var field in fields.Fields)
        {
            if (field.Required)
            {
                var value = View.Member(token, Encoding.ASCII.GetBytes(field.Name));
                if (value < 0 || View[value].Kind == JsonKind.Null)
                {
                    return Refuse(RequestFaultReasons.MissingField, token, $"The member '{field.Name}' is missing.");
                }
            }
        }

        return Refuse(RequestFaultReasons.MissingField, token);
    }
}
