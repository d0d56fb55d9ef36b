using System.Buffers.Binary;
using System.IO.Hashing;

namespace Gateway.Proxy.Encodings;

/// <summary>
/// The frame around the deflate data of a gzip file (RFC 1952). It is read here because the runtime's own stream passes over whatever stands
/// behind a member.
/// </summary>
internal static class GzipMember
{
    private const int FixedLength = 10;
    private const int TrailerLength = 8;
    private const byte HeaderCheck = 2;
    private const byte Extra = 4;
    private const byte Name = 8;
    private const byte Comment = 16;
    private const byte Reserved = 0xE0;

    /// <summary>The deflate data of a body that is one member. A second member shows as data behind the end of the first.</summary>
    public static bool TryOpen(ReadOnlyMemory<byte> body, out ReadOnlyMemory<byte> data)
    {
        data = default;
        var bytes = body.Span;
        if (bytes.Length < FixedLength + TrailerLength || bytes[0] != 0x1F || bytes[1] != 0x8B || bytes[2] != 8 || (bytes[3] & Reserved) != 0)
        {
            return false;
        }

        var header = HeaderLength(bytes[..^TrailerLength]);
        if (header < 0)
        {
            return false;
        }

        data = body[header..^TrailerLength];
        return true;
    }

    /// <summary>Whether the trailer of <paramref name="body"/> is that of <paramref name="decoded"/>.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> body, ReadOnlySpan<byte> decoded)
    {
        var trailer = body[^TrailerLength..];
        return BinaryPrimitives.ReadUInt32LittleEndian(trailer) == Crc32.HashToUInt32(decoded)
            && BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]) == (uint)decoded.Length;
    }

    /// <summary>-1: the header does not end within <paramref name="bytes"/>.</summary>
    private static int HeaderLength(ReadOnlySpan<byte> bytes)
    {
        var flags = bytes[3];
        var position = FixedLength;
        if ((flags & Extra) != 0)
        {
            if (position + 2 > bytes.Length)
            {
                return -1;
            }

            position += 2 + BinaryPrimitives.ReadUInt16LittleEndian(bytes[position..]);
        }

        if (((flags & Name) != 0 && !SkipText(bytes, ref position)) || ((flags & Comment) != 0 && !SkipText(bytes, ref position)))
        {
            return -1;
        }

        position += (flags & HeaderCheck) != 0 ? 2 : 0;
        return position <= bytes.Length ? position : -1;
    }

    private static bool SkipText(ReadOnlySpan<byte> bytes, ref int position)
    {
        var end = position <= bytes.Length ? bytes[position..].IndexOf((byte)0) : -1;
        position += end + 1;
        return end >= 0;
    }
}
