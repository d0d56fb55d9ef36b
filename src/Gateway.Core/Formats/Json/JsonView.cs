using System.Buffers.Text;

namespace Gateway.Core.Formats.Json;

/// <summary>Tokens together with the bytes they point into. Look-ups only; nothing here reads JSON again.</summary>
internal readonly ref struct JsonView(ReadOnlySpan<byte> json, ReadOnlySpan<JsonToken> tokens)
{
    private readonly ReadOnlySpan<JsonToken> _tokens = tokens;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Json { get; } = json;

    /// <summary>Number of tokens.</summary>
    public int Count => _tokens.Length;

    /// <summary>The token at <paramref name="index"/>.</summary>
    public ref readonly JsonToken this[int index] => ref _tokens[index];

    /// <summary>The bytes of the token, quotes or brackets included.</summary>
    public ReadOnlySpan<byte> Raw(int index) => Json.Slice(_tokens[index].Start, _tokens[index].Length);

    /// <summary>The bytes between the quotes of a string, escapes as they stand.</summary>
    public ReadOnlySpan<byte> Inner(int index) => Json.Slice(_tokens[index].Start + 1, _tokens[index].Length - 2);

    /// <summary>Whether the token is a string whose text, after unescaping, is <paramref name="text"/>.</summary>
    public bool Is(int index, ReadOnlySpan<byte> text)
    {
        ref readonly var token = ref _tokens[index];
        if (token.Kind != JsonKind.String)
        {
            return false;
        }

        var inner = Inner(index);
        return token.IsEscaped ? JsonStrings.UnescapedEquals(inner, text) : inner.SequenceEqual(text);
    }

    /// <summary>The value of the member <paramref name="name"/> of an object, or -1. A value of null counts as a value.</summary>
    public int Member(int index, ReadOnlySpan<byte> name)
    {
        var end = _tokens[index].Next;
        if (_tokens[index].Kind != JsonKind.Object)
        {
            return -1;
        }

        for (var at = index + 1; at < end; at = _tokens[at + 1].Next)
        {
            if (Is(at, name))
            {
                return at + 1;
            }
        }

        return -1;
    }

    /// <summary>The text of a string; null for any other token or when <paramref name="index"/> is negative.</summary>
    public string? Text(int index)
    {
        if (index < 0 || _tokens[index].Kind != JsonKind.String)
        {
            return null;
        }

        return JsonStrings.ToString(Inner(index), _tokens[index].IsEscaped);
    }

    /// <summary>The value of an integer; null when the token is not one or lies outside 64 bits.</summary>
    public long? Integer(int index)
    {
        if (index < 0 || (_tokens[index].Flags & JsonTokenFlags.Integer) == 0)
        {
            return null;
        }

        var raw = Raw(index);
        return Utf8Parser.TryParse(raw, out long value, out var used) && used == raw.Length ? value : null;
    }
}
