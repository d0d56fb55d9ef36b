using System.Text.Json;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Formats.Responses;

/// <summary>
/// Goes over the members of an answer's objects, known ones by their position in a table. What no table knows is reported with its name, and a known
/// member that stands twice in one object is a fault: one client takes the first, another the last.
/// </summary>
internal ref struct MemberWalk(ReadOnlySpan<byte> json, NameTable names, IResponseSink sink)
{
    /// <summary>The member has a name that the table does not hold.</summary>
    public const int Unknown = -1;

    private readonly IResponseSink _sink = sink;
    private readonly NameTable _names = names;

    /// <summary>Stands on the value of the member that was read last.</summary>
    public Utf8JsonReader Reader = new(json);

    /// <summary>The name of the member that was read last.</summary>
    public JsonString Name { get; private set; }

    /// <summary>Whether the value is a string.</summary>
    public readonly bool IsString => Reader.TokenType == JsonTokenType.String;

    /// <summary>Whether the value is null.</summary>
    public readonly bool IsNull => Reader.TokenType == JsonTokenType.Null;

    /// <summary>The value, a string.</summary>
    public readonly JsonString Here => JsonString.At(in Reader);

    /// <summary>Stands on the object that is the whole text; false where the text is something else.</summary>
    public bool Open()
    {
        Reader.Read();
        if (Reader.TokenType == JsonTokenType.StartObject)
        {
            return true;
        }

        _sink.Fault(StreamFaults.NotAnObject);
        return false;
    }

    /// <summary>Throws where anything follows the object.</summary>
    public void Close() => Reader.Read();

    /// <summary>Goes to the next member of the object; false at its end. <paramref name="seen"/> belongs to the object.</summary>
    public bool Next(ref ulong seen, out int member)
    {
        member = Unknown;
        if (!Reader.Read() || Reader.TokenType != JsonTokenType.PropertyName)
        {
            return false;
        }

        Name = Here;
        member = Name.Escaped ? _names.Find(System.Text.Encoding.UTF8.GetBytes(Reader.GetString()!)) : _names.Find(Name.Raw);
        var bit = member == Unknown ? 0 : 1UL << member;
        if ((seen & bit) != 0)
        {
            _sink.Fault(StreamFaults.DuplicateKey);
        }

        seen |= bit;
        Reader.Read();
        return true;
    }

    /// <summary>Goes to the next item of the array; false at its end.</summary>
    public bool NextItem() => Reader.Read() && Reader.TokenType != JsonTokenType.EndArray;

    /// <summary>Reports the member's name and every string below its value.</summary>
    public void Everything(in TextPlace place, int choice)
    {
        _sink.Text(TextPlaces.Key, choice, Name);
        StringLeaves.Walk(ref Reader, _sink, place, choice, StringLeaves.Hash(Name.Raw, 0));
    }

    /// <summary>Reports every string below the value.</summary>
    public void Leaves(in TextPlace place, int choice) => StringLeaves.Walk(ref Reader, _sink, place, choice);

    /// <summary>What the format makes an array or an object is something else: script clients would still find their way into it.</summary>
    public void Misshapen(int choice)
    {
        _sink.Fault(StreamFaults.WrongType);
        Leaves(TextPlaces.Other, choice);
    }

    /// <summary>Reports the provider's error object, whose word stands in <c>code</c> or <c>type</c>.</summary>
    public void Error()
    {
        _sink.Error(ErrorWords.Code(Reader, "code"u8) ?? ErrorWords.Code(Reader, "type"u8));
        Leaves(TextPlaces.Metadata, -1);
    }
}
