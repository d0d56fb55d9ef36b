using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Gateway.Core.Formats.Json;
using Gateway.Core.Formats.OpenAIChat;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIEmbeddings;

/// <summary>
/// Walks an Embeddings answer, which is megabytes of numbers with a few words around them: one pass, in which the numbers are stepped over and the
/// members of every object are checked for names that stand twice. A string in an embedding's place is no text only where it decodes to whole floats.
/// </summary>
internal ref struct OpenAIEmbeddingsWalker
{
    // An object of this format has about six members; one with many more is no answer.
    private const int MaxUnknownNames = 64;

    private const int BytesPerNumber = sizeof(float);

    private static readonly NameTable s_names = WireNames.Of<Member>();
    private static readonly SearchValues<byte> s_base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);

    private readonly ReadOnlyMemory<byte> _body;
    private readonly IResponseSink _sink;
    private MemberWalk _walk;
    private bool _hasData;
    private bool _isError;

    private OpenAIEmbeddingsWalker(ReadOnlyMemory<byte> body, IResponseSink sink)
    {
        _body = body;
        _sink = sink;
        _walk = new MemberWalk(body.Span, s_names, sink);
    }

    private enum Member
    {
        Id,
        Object,
        Created,
        Data,
        Model,
        Usage,
        Error,
        Index,
        Embedding,
    }

    /// <summary>Reports all of <paramref name="body"/>. False where it is neither an answer nor an error. Throws what the JSON reader throws.</summary>
    public static bool Walk(ReadOnlyMemory<byte> body, IResponseSink sink)
    {
        var walker = new OpenAIEmbeddingsWalker(body, sink);
        walker.Root();
        return walker._hasData || walker._isError;
    }

    private void Root()
    {
        if (!_walk.Open())
        {
            return;
        }

        ulong seen = 0;
        List<string>? unknown = null;
        while (_walk.Next(ref seen, out var member))
        {
            CheckOnce(member, ref unknown);
            RootMember((Member)member);
        }

        _walk.Close();
    }

    private void RootMember(Member member)
    {
        if (member == Member.Data && _walk.Reader.TokenType == JsonTokenType.StartArray)
        {
            Data();
            return;
        }

        CheckInside();
        switch (member)
        {
            case Member.Id when _walk.IsString:
                _sink.ResponseId(_walk.Here);
                break;
            case Member.Model when _walk.IsString:
                _sink.Model(_walk.Here);
                break;
            case Member.Object when _walk.IsString:
                ObjectName();
                break;
            case Member.Usage:
                OpenAIChatResponseUsage.Read(ref _walk.Reader, _sink);
                break;
            case Member.Error when !_walk.IsNull:
                _isError = true;
                _walk.Error();
                break;
            case Member.Data when !_walk.IsNull:
                _walk.Misshapen(-1);
                break;
            default:
                _walk.Everything(TextPlaces.Metadata, -1);
                break;
        }
    }

    // Older vLLM sends its errors flat, marked only by this member.
    private void ObjectName()
    {
        if (_walk.Here.Is("error"u8))
        {
            _isError = true;
            _sink.Error(null);
        }
        else if (!_walk.Here.Is("list"u8))
        {
            _walk.Leaves(TextPlaces.Metadata, -1);
        }
    }

    private void Data()
    {
        _hasData = true;
        while (_walk.NextItem())
        {
            if (_walk.Reader.TokenType != JsonTokenType.StartObject)
            {
                CheckInside();
                _walk.Misshapen(-1);
                continue;
            }

            ulong seen = 0;
            List<string>? unknown = null;
            while (_walk.Next(ref seen, out var member))
            {
                CheckOnce(member, ref unknown);
                ItemMember((Member)member);
            }
        }
    }

    private void ItemMember(Member member)
    {
        switch (member)
        {
            case Member.Embedding when _walk.Reader.TokenType == JsonTokenType.StartArray:
                Numbers();
                break;
            case Member.Embedding when _walk.IsString && IsNumbers(_walk.Here):
            case Member.Index when _walk.Reader.TokenType == JsonTokenType.Number:
            case Member.Object when _walk.IsString && _walk.Here.Is("embedding"u8):
                break;
            default:
                CheckInside();
                _walk.Everything(TextPlaces.Other, -1);
                break;
        }
    }

    // Some models give an embedding for each token: arrays of arrays.
    private void Numbers()
    {
        while (_walk.NextItem())
        {
            switch (_walk.Reader.TokenType)
            {
                case JsonTokenType.Number or JsonTokenType.Null:
                    break;
                case JsonTokenType.StartArray:
                    Numbers();
                    break;
                default:
                    CheckInside();
                    _walk.Misshapen(-1);
                    break;
            }
        }
    }

    private static bool IsNumbers(JsonString text) =>
        !text.Escaped && !text.Raw.ContainsAnyExcept(s_base64) && Base64.IsValid(text.Raw, out var length) && length % BytesPerNumber == 0;

    private void CheckOnce(int member, ref List<string>? unknown)
    {
        if (member != MemberWalk.Unknown)
        {
            return;
        }

        unknown ??= [];
        var name = _walk.Name.ToString();
        if (unknown.Contains(name, StringComparer.Ordinal))
        {
            _sink.Fault(StreamFaults.DuplicateKey);
        }

        if (unknown.Count == MaxUnknownNames)
        {
            _sink.Fault(StreamFaults.TooManyItems);
            return;
        }

        unknown.Add(name);
    }

    /// <summary>Checks the objects below a value that is not walked member by member.</summary>
    private readonly void CheckInside()
    {
        if (_walk.Reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return;
        }

        var ahead = _walk.Reader;
        var start = (int)ahead.TokenStartIndex;
        ahead.Skip();
        if (NestedJson.HasDuplicates(_body[start..(int)ahead.BytesConsumed]))
        {
            _sink.Fault(StreamFaults.DuplicateKey);
        }
    }
}
