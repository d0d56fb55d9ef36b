using System.Buffers;
using System.Runtime.InteropServices;

namespace Gateway.Core.Formats.Json;

/// <summary>What a token is.</summary>
internal enum JsonKind : byte
{
    Object,
    Array,
    String,
    Number,
    True,
    False,
    Null,
}

/// <summary>What else the strict reader learned about a token while it passed over it.</summary>
[Flags]
internal enum JsonTokenFlags : byte
{
    None = 0,

    /// <summary>A string that holds at least one escape: its bytes are not its text.</summary>
    Escaped = 1,

    /// <summary>A string that is a member's name.</summary>
    Name = 2,

    /// <summary>A number without fraction and exponent.</summary>
    Integer = 4,
}

/// <summary>
/// One token. <see cref="Start"/> and <see cref="Length"/> are bytes, quotes and brackets included. <see cref="Next"/> is the index of the
/// first token behind this value, so that a reader can step over a whole subtree. 16 bytes.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct JsonToken
{
    public int Start;
    public int Length;
    public int Next;
    public JsonKind Kind;
    public JsonTokenFlags Flags;

    public readonly bool IsEscaped => (Flags & JsonTokenFlags.Escaped) != 0;

    public readonly bool IsName => (Flags & JsonTokenFlags.Name) != 0;
}

/// <summary>
/// The tokens of one JSON text in document order: a member's name is followed by its value, a container by its contents. Filled by
/// <see cref="StrictJson"/> in one pass, so that everything later looks tokens up instead of reading the bytes again, and no second parser
/// can disagree with the first. Pooled; the owner disposes.
/// </summary>
internal sealed class JsonTape : IDisposable
{
    private JsonToken[] _tokens = [];

    /// <summary>Number of tokens read; after a fault, those before it.</summary>
    public int Count { get; private set; }

    /// <summary>The tokens over the bytes they were read from.</summary>
    public JsonView View(ReadOnlySpan<byte> json) => new(json, _tokens.AsSpan(0, Count));

    /// <summary>Appends a token and returns its index.</summary>
    public int Add(JsonKind kind, int start, int length, JsonTokenFlags flags)
    {
        if (Count == _tokens.Length)
        {
            Grow();
        }

        ref var token = ref _tokens[Count];
        token.Start = start;
        token.Length = length;
        token.Next = Count + 1;
        token.Kind = kind;
        token.Flags = flags;
        return Count++;
    }

    /// <summary>Says that the container <paramref name="index"/> ends before byte <paramref name="end"/> and holds all tokens added since.</summary>
    public void Close(int index, int end)
    {
        ref var token = ref _tokens[index];
        token.Length = end - token.Start;
        token.Next = Count;
    }

    /// <summary>Forgets the tokens and keeps the buffer.</summary>
    public void Clear() => Count = 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_tokens.Length > 0)
        {
            ArrayPool<JsonToken>.Shared.Return(_tokens);
        }

        _tokens = [];
        Count = 0;
    }

    private void Grow()
    {
        var larger = ArrayPool<JsonToken>.Shared.Rent(Math.Max(256, _tokens.Length * 2));
        _tokens.AsSpan(0, Count).CopyTo(larger);
        if (_tokens.Length > 0)
        {
            ArrayPool<JsonToken>.Shared.Return(_tokens);
        }

        _tokens = larger;
    }
}
