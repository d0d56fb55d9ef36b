using System.Buffers.Binary;
using System.Text;

namespace Gateway.Tests.Telemetry;

/// <summary>One field of a protocol buffers message.</summary>
internal readonly record struct ProtoField(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes.Span);
}

/// <summary>Reads protocol buffers without a schema.</summary>
internal static class Proto
{
    public static List<ProtoField> Read(ReadOnlyMemory<byte> message)
    {
        var fields = new List<ProtoField>();
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message.Span, ref at);
            var number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    fields.Add(new(number, Varint(message.Span, ref at), default));
                    break;
                case 1:
                    fields.Add(new(number, BinaryPrimitives.ReadUInt64LittleEndian(message.Span[at..]), default));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message.Span, ref at);
                    fields.Add(new(number, 0, message.Slice(at, length)));
                    at += length;
                    break;
                case 5:
                    fields.Add(new(number, BinaryPrimitives.ReadUInt32LittleEndian(message.Span[at..]), default));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException();
            }
        }

        return fields;
    }

    /// <summary>KeyValue (key=1, value=2) fields numbered <paramref name="number"/>; AnyValue: string=1 bool=2 int=3 double=4 array=5.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Attributes(ReadOnlyMemory<byte> message, int number) =>
        Read(message).Where(field => field.Number == number).Select(field =>
        {
            var pair = Read(field.Bytes);
            return KeyValuePair.Create(pair.First(item => item.Number == 1).Text, Any(pair.First(item => item.Number == 2).Bytes));
        });

    private static string Any(ReadOnlyMemory<byte> value)
    {
        var field = Read(value).FirstOrDefault();
        return field.Number switch
        {
            1 => field.Text,
            2 => field.Value == 0 ? "false" : "true",
            3 => ((long)field.Value).ToString(),
            4 => BitConverter.UInt64BitsToDouble(field.Value).ToString(),
            5 => string.Join(',', Read(field.Bytes).Select(item => Any(item.Bytes))),
            _ => string.Empty,
        };
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
