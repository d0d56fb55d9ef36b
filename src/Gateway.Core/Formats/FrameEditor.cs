using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Formats;

/// <summary>The edits of one JSON token of a frame, in UTF-16 units from the start of its text.</summary>
/// <param name="TokenStart">Offset of the token in the frame's bytes.</param>
/// <param name="IsValue">The text is the JSON value itself, not what a string spells.</param>
/// <param name="Edits">In order, without overlap.</param>
internal readonly record struct TokenEdits(int TokenStart, bool IsValue, IReadOnlyList<TextEdit> Edits);

/// <summary>Writes edits back into the bytes of a frame; every byte outside of the replaced spans stays.</summary>
internal static class FrameEditor
{
    /// <summary>
    /// The offset in <paramref name="sse"/>'s bytes of the byte at <paramref name="dataOffset"/> of its data; -1 where a value goes over several lines.
    /// A JSON string never does.
    /// </summary>
    public static int RawOffset(in SseFrame sse, in TextToken token)
    {
        if (sse.Raw.Overlaps(sse.Data, out var dataStart))
        {
            return dataStart + token.Start;
        }

        var rest = SseFields.WithoutMark(sse.Raw);
        var offset = token.Start;
        while (!token.IsValue && SseFields.TryTakeLine(ref rest, out var line))
        {
            if (SseFields.IsField(line, "data"u8, out var value))
            {
                if (offset < value.Length && sse.Raw.Overlaps(value, out var valueStart))
                {
                    return valueStart + offset;
                }

                offset -= value.Length + 1;
            }
        }

        return -1;
    }

    /// <summary><paramref name="raw"/> with the edits applied; null where they do not fit.</summary>
    public static byte[]? Apply(ReadOnlySpan<byte> raw, IReadOnlyList<TokenEdits> tokens)
    {
        var edits = new List<BodyEdit>();
        foreach (var (start, isValue, own) in tokens)
        {
            if (!isValue)
            {
                if (!JsonStringEditor.TryReplace(raw, start, own, out var edit))
                {
                    return null;
                }

                edits.Add(edit);
            }
            else if (!TryReplaceInValue(raw, start, own, edits))
            {
                return null;
            }
        }

        edits.Sort((a, b) => a.Range.Start.CompareTo(b.Range.Start));
        for (var i = 1; i < edits.Count; i++)
        {
            if (edits[i].Range.Start < edits[i - 1].Range.End)
            {
                return null;
            }
        }

        return BodyEdit.Apply(raw, edits);
    }

    // The edits are those of strings inside the value, spelled as JSON already.
    private static bool TryReplaceInValue(ReadOnlySpan<byte> raw, int start, IReadOnlyList<TextEdit> edits, List<BodyEdit> output)
    {
        int at = start, unit = 0;
        foreach (var edit in edits)
        {
            if (!TryMove(raw, ref at, ref unit, edit.Start) || at >= raw.Length)
            {
                return false;
            }

            var from = at;
            if (!TryMove(raw, ref at, ref unit, edit.End))
            {
                return false;
            }

            output.Add(new BodyEdit(new ByteRange(from, at - from), Encoding.UTF8.GetBytes(edit.Replacement)));
        }

        return true;
    }

    private static bool TryMove(ReadOnlySpan<byte> raw, ref int at, ref int unit, int to)
    {
        while (unit < to && at < raw.Length)
        {
            if (Rune.DecodeFromUtf8(raw[at..], out var rune, out var length) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            at += length;
            unit += rune.Utf16SequenceLength;
        }

        return unit == to;
    }
}
