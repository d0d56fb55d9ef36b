using System.Buffers;
using System.Text.Unicode;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats;

/// <summary>
/// The texts of the lines that SDKs pass over but that reach the client all the same: comments, <c>id</c>, <c>retry</c>, unknown fields and their
/// names, surplus <c>event</c> lines, and the event name where the format has none. Whoever answers could write to the client in them, so they
/// are text of the model. Not editable: a span to be replaced in them blocks.
/// </summary>
/// <remarks>
/// Lines of one kind are one running text over the whole stream, read in two ways: put together without a seam, so that a phrase cannot be cut in
/// two, and with a space between, as one reads them below each other.
/// </remarks>
/// <param name="hasEventNames">The format's reader answers for event names.</param>
internal sealed class SseLineTexts(bool hasEventNames)
{
    // Channels of the formats count up from 0; -1 is none. Each kind has two.
    private const int Comments = -2;
    private const int Ids = -4;
    private const int Retries = -6;
    private const int Events = -8;
    private const int Names = -10;
    private const int FirstField = -12;

    // A provider that invents a field per frame is attacking memory.
    private const int MostFields = 32;
    private const int MostEvents = 32;

    private readonly List<byte[]> _fields = [];
    private readonly List<byte[]> _events = [];

    /// <summary>Adds the texts of the lines of <paramref name="sse"/> to <paramref name="frame"/>, which the format's reader has filled.</summary>
    public void Read(in SseFrame sse, StreamFrame frame)
    {
        if (!hasEventNames && !sse.Event.IsEmpty && IsNew(_events, MostEvents, sse.Event))
        {
            Add(frame, Events, sse.Event);
        }

        if (IsNothingToClients(sse))
        {
            frame.Lane = StreamFrame.AnyOrder;
        }

        if (sse.Lines == SseLineKinds.None)
        {
            return;
        }

        var rest = SseFields.WithoutMark(sse.Raw);
        var seenEvent = false;
        while (SseFields.TryTakeLine(ref rest, out var line))
        {
            if (!line.IsEmpty && !SseFields.IsField(line, "data"u8, out _))
            {
                ReadLine(line, sse.Event, frame, ref seenEvent);
            }
        }
    }

    // Comments and blank lines. A byte order mark must stay where the stream begins.
    private static bool IsNothingToClients(in SseFrame sse) => !sse.HasData && sse.Event.IsEmpty
        && (sse.Lines & SseLineKinds.Other) == 0 && SseFields.WithoutMark(sse.Raw).Length == sse.Raw.Length;

    private void ReadLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> eventName, StreamFrame frame, ref bool seenEvent)
    {
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? [] : line[(colon + 1)..];
        value = value.StartsWith(" "u8) ? value[1..] : value;
        if (colon == 0)
        {
            Add(frame, Comments, value);
        }
        else if (name.SequenceEqual("id"u8))
        {
            Add(frame, Ids, value);
        }
        else if (name.SequenceEqual("retry"u8))
        {
            Add(frame, Retries, value);
        }
        else if (name.SequenceEqual("event"u8))
        {
            // The format's reader knows the last one only.
            if (seenEvent || !value.SequenceEqual(eventName))
            {
                Add(frame, Events, value);
            }

            seenEvent = true;
        }
        else
        {
            Add(frame, Names, name);
            Add(frame, FieldOf(name, frame), value);
        }
    }

    private int FieldOf(ReadOnlySpan<byte> name, StreamFrame frame)
    {
        if (IsNew(_fields, MostFields, name) && _fields.Count == MostFields)
        {
            frame.Fault ??= StreamFaults.TooManyItems;
        }

        for (var i = 0; i < _fields.Count; i++)
        {
            if (name.SequenceEqual(_fields[i]))
            {
                return FirstField - (2 * i);
            }
        }

        return FirstField;
    }

    private static bool IsNew(List<byte[]> known, int most, ReadOnlySpan<byte> word)
    {
        foreach (var one in known)
        {
            if (word.SequenceEqual(one))
            {
                return false;
            }
        }

        if (known.Count < most)
        {
            known.Add(word.ToArray());
        }

        return true;
    }

    private static void Add(StreamFrame frame, int channel, ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return;
        }

        if (!Utf8.IsValid(utf8))
        {
            frame.Fault ??= StreamFaults.NotUtf8;
            return;
        }

        Add(frame, DeltaKind.Append, channel, utf8, seam: 0);
        Add(frame, DeltaKind.AppendAgain, channel - 1, utf8, seam: 1);
    }

    private static void Add(StreamFrame frame, DeltaKind kind, int channel, ReadOnlySpan<byte> utf8, int seam)
    {
        var room = frame.Reserve(utf8.Length + seam);
        room[..seam].Fill(' ');
        Utf8.ToUtf16(utf8, room[seam..], out _, out var length);
        frame.Add(kind, channel, Surface.Output, Trust.Model, length + seam);
    }
}
