using System.Numerics;
using System.Runtime.Intrinsics;

namespace Gateway.Core.Formats.Json;

/// <summary>The grammar of RFC 8259 over bytes that are valid UTF-8. Recursion is bounded by <see cref="StrictJson.MaxDepth"/>.</summary>
internal ref struct JsonParser(ReadOnlySpan<byte> json, JsonTape tape, bool tolerant)
{
    private readonly ReadOnlySpan<byte> _json = json;
    private int _at;
    private JsonFault? _fault;

    /// <summary>Reads one value and the space around it.</summary>
    public JsonFault? Run()
    {
        if (!Value(0))
        {
            return _fault;
        }

        _at = SkipSpace(_json, _at);
        return _at == _json.Length ? null : new JsonFault(RequestFaultReasons.TrailingBytes, _at);
    }

    /// <summary>The first position from <paramref name="at"/> on that holds no JSON white space.</summary>
    internal static int SkipSpace(ReadOnlySpan<byte> json, int at)
    {
        while ((uint)at < (uint)json.Length && json[at] <= ' ')
        {
            if (json[at] is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                return at;
            }

            at++;
        }

        return at;
    }

    private bool Value(int depth)
    {
        _at = SkipSpace(_json, _at);
        switch (Current)
        {
            case (byte)'"':
                return String(JsonTokenFlags.None);
            case (byte)'{':
                return Object(depth + 1);
            case (byte)'[':
                return Array(depth + 1);
            case (byte)'t':
                return Literal("true"u8, JsonKind.True);
            case (byte)'f':
                return Literal("false"u8, JsonKind.False);
            case (byte)'n':
                return Literal("null"u8, JsonKind.Null);
            default:
                return Number();
        }
    }

    private bool Object(int depth)
    {
        var self = Open(JsonKind.Object, depth);
        var members = 0;
        if (self >= 0 && NextIs((byte)'}'))
        {
            tape.Close(self, _at);
            return true;
        }

        while (self >= 0)
        {
            _at = SkipSpace(_json, _at);
            if (++members > StrictJson.MaxMembers)
            {
                return Fail(RequestFaultReasons.TooManyItems);
            }

            if (Current != '"' || !String(JsonTokenFlags.Name) || !NextIs((byte)':') || !Value(depth))
            {
                return Fail(RequestFaultReasons.NotJson);
            }

            if (!NextIs((byte)','))
            {
                return End(self, (byte)'}') && (tolerant || UniqueNames(self, members));
            }
        }

        return false;
    }

    private bool Array(int depth)
    {
        var self = Open(JsonKind.Array, depth);
        var items = 0;
        if (self >= 0 && NextIs((byte)']'))
        {
            tape.Close(self, _at);
            return true;
        }

        while (self >= 0)
        {
            if (++items > StrictJson.MaxItems)
            {
                return Fail(RequestFaultReasons.TooManyItems);
            }

            if (!Value(depth))
            {
                return false;
            }

            if (!NextIs((byte)','))
            {
                return End(self, (byte)']');
            }
        }

        return false;
    }

    private int Open(JsonKind kind, int depth)
    {
        if (depth > StrictJson.MaxDepth)
        {
            Fail(RequestFaultReasons.TooDeep);
            return -1;
        }

        return Add(kind, _at++, 0, JsonTokenFlags.None);
    }

    private bool End(int self, byte bracket)
    {
        if (!NextIs(bracket))
        {
            return Fail(RequestFaultReasons.NotJson);
        }

        tape.Close(self, _at);
        return true;
    }

    private bool UniqueNames(int self, int members)
    {
        if (members == 1)
        {
            return true;
        }

        var repeated = MemberNames.FindRepeated(tape.View(_json), self, members);
        return repeated < 0 || Fail(RequestFaultReasons.DuplicateKey, tape.View(_json)[repeated].Start);
    }

    private bool String(JsonTokenFlags flags)
    {
        var start = _at;
        var isName = flags != JsonTokenFlags.None;
        for (var at = start + 1; ;)
        {
            at = FindSpecial(_json, at);
            if (at >= _json.Length)
            {
                return Fail(RequestFaultReasons.NotJson, at);
            }

            if (_json[at] == '"')
            {
                _at = at + 1;
                return Add(JsonKind.String, start, _at - start, flags) >= 0;
            }

            var used = _json[at] == '\\' ? Escape(at, isName) : 0;
            if (used == 0)
            {
                return Fail(RequestFaultReasons.NotJson, at);
            }

            flags |= JsonTokenFlags.Escaped;
            at += used;
        }
    }

    /// <summary>Length of the escape at <paramref name="at"/>, or 0 when it is not one.</summary>
    private int Escape(int at, bool isName)
    {
        if ((uint)(at + 1) >= (uint)_json.Length)
        {
            return 0;
        }

        var letter = _json[at + 1];
        if (letter != 'u')
        {
            return letter is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' ? 2 : 0;
        }

        var rest = _json[at..];
        var unit = JsonStrings.Hex(rest[2..]);

        // A name with an escaped NUL ends early for a reader that keeps names as C strings: "model\u0000x" would be "model" to it.
        if (unit < 0 || (unit == 0 && isName && !tolerant))
        {
            return 0;
        }

        return char.IsSurrogate((char)unit) && !tolerant ? Surrogates(rest, unit, at) : 6;
    }

    private int Surrogates(ReadOnlySpan<byte> rest, int unit, int at)
    {
        var isPair = char.IsHighSurrogate((char)unit)
            && rest.Length >= 12 && rest[6] == '\\' && rest[7] == 'u'
            && JsonStrings.Hex(rest[8..]) is >= 0xDC00 and <= 0xDFFF;
        if (isPair)
        {
            return 12;
        }

        Fail(RequestFaultReasons.LoneSurrogate, at);
        return 0;
    }

    private bool Number()
    {
        var length = JsonNumbers.Scan(_json[_at..], out var flags);
        if (length == 0)
        {
            return Fail(RequestFaultReasons.NotJson);
        }

        if (!JsonNumbers.IsFinite(_json.Slice(_at, length), flags))
        {
            return Fail(RequestFaultReasons.NumberOutOfRange);
        }

        _at += length;
        return Add(JsonKind.Number, _at - length, length, flags) >= 0;
    }

    private bool Literal(ReadOnlySpan<byte> word, JsonKind kind)
    {
        if (!_json[_at..].StartsWith(word))
        {
            return Fail(RequestFaultReasons.NotJson);
        }

        _at += word.Length;
        return Add(kind, _at - word.Length, word.Length, JsonTokenFlags.None) >= 0;
    }

    private int Add(JsonKind kind, int start, int length, JsonTokenFlags flags)
    {
        if (tape.Count < StrictJson.MaxTokens)
        {
            return tape.Add(kind, start, length, flags);
        }

        Fail(RequestFaultReasons.TooManyItems);
        return -1;
    }

    private readonly byte Current => (uint)_at < (uint)_json.Length ? _json[_at] : (byte)0;

    private bool NextIs(byte wanted)
    {
        _at = SkipSpace(_json, _at);
        if (Current != wanted)
        {
            return false;
        }

        _at++;
        return true;
    }

    /// <summary>Position of the next quote, backslash or control character; the length of the text when there is none.</summary>
    private static int FindSpecial(ReadOnlySpan<byte> json, int at)
    {
        while (at + Vector128<byte>.Count <= json.Length)
        {
            var block = Vector128.Create(json.Slice(at, Vector128<byte>.Count));
            var special = Vector128.Equals(block, Vector128.Create((byte)'"'))
                | Vector128.Equals(block, Vector128.Create((byte)'\\'))
                | Vector128.LessThan(block, Vector128.Create((byte)' '));
            if (special != Vector128<byte>.Zero)
            {
                return at + BitOperations.TrailingZeroCount(special.ExtractMostSignificantBits());
            }

            at += Vector128<byte>.Count;
        }

        while (at < json.Length && json[at] is not ((byte)'"' or (byte)'\\' or < (byte)' '))
        {
            at++;
        }

        return at;
    }

    private bool Fail(string reason) => Fail(reason, _at);

    /// <summary>Keeps the first fault: the one nearest to its cause.</summary>
    private bool Fail(string reason, int position)
    {
        _fault ??= new JsonFault(reason, position);
        return false;
    }
}
