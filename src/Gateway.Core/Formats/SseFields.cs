using System.Buffers;

namespace Gateway.Core.Formats;

/// <summary>Reads the fields of one whole server-sent event frame.</summary>
internal static class SseFields
{
    /// <summary>
    /// The frame over <paramref name="raw"/>. Several <c>data</c> lines are joined by LF in <paramref name="joined"/>, a pooled array that the
    /// caller owns; a single one stays a slice of the raw bytes.
    /// </summary>
    public static SseFrame Read(ReadOnlySpan<byte> raw, scoped ref byte[] joined)
    {
        ReadOnlySpan<byte> name = default, data = default;
        var rest = WithoutMark(raw);
        int count = 0, length = 0;
        var hasEvent = false;
        var lines = SseLineKinds.None;
        while (TryTakeLine(ref rest, out var line))
        {
            if (IsField(line, "data"u8, out var value))
            {
                data = count++ == 0 ? value : default;
                length += value.Length + 1;
            }
            else if (IsField(line, "event"u8, out value))
            {
                name = value;
                lines |= hasEvent ? SseLineKinds.Other : SseLineKinds.None;
                hasEvent = true;
            }
            else if (!line.IsEmpty)
            {
                lines |= line[0] == ':' ? SseLineKinds.Comment : SseLineKinds.Other;
            }
        }

        if (count > 1)
        {
            data = Join(raw, length, ref joined);
        }

        return new SseFrame(raw, name, data, count > 0, lines);
    }

    private static ReadOnlySpan<byte> Join(ReadOnlySpan<byte> raw, int length, scoped ref byte[] joined)
    {
        if (joined.Length < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(length);
            if (joined.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(joined);
            }

            joined = larger;
        }

        var rest = WithoutMark(raw);
        var written = 0;
        while (TryTakeLine(ref rest, out var line))
        {
            if (IsField(line, "data"u8, out var value))
            {
                value.CopyTo(joined.AsSpan(written));
                written += value.Length;
                joined[written++] = (byte)'\n';
            }
        }

        return joined.AsSpan(0, length - 1);
    }

    /// <summary>The frame without the byte order mark that a stream may begin with.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> raw) => raw.StartsWith("\uFEFF"u8) ? raw[3..] : raw;

    /// <summary>Takes the next line off <paramref name="rest"/>, without its end.</summary>
    public static bool TryTakeLine(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
    {
        var end = rest.IndexOfAny((byte)'\r', (byte)'\n');
        line = end < 0 ? default : rest[..end];
        if (end < 0)
        {
            return false;
        }

        var isPair = rest[end] == '\r' && end + 1 < rest.Length && rest[end + 1] == '\n';
        rest = rest[(end + (isPair ? 2 : 1))..];
        return true;
    }

    /// <summary>Whether <paramref name="line"/> is the field <paramref name="name"/>.</summary>
    public static bool IsField(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!line.StartsWith(name))
        {
            return false;
        }

        line = line[name.Length..];
        if (line.IsEmpty)
        {
            return true;
        }

        if (line[0] != ':')
        {
            return false;
        }

        value = line.Length > 1 && line[1] == ' ' ? line[2..] : line[1..];
        return true;
    }
}
