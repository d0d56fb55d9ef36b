using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Guards;

/// <summary>
/// Redaction of a whole body, request or response: each text is read by itself, arguments that are JSON in a string are read string by string,
/// and the texts of one message and surface once more joined, since the model reads them so. What cannot be replaced blocks: names of
/// members, opaque text, text that stands in no string of the body.
/// </summary>
public sealed class BodyRedaction
{
    private readonly StreamRedactions _redactions;
    private readonly Action<Finding> _report;

    private BodyRedaction(IReadOnlyList<ITextRedactor> redactors, GuardMode mode, Action<Finding> report)
    {
        _redactions = new StreamRedactions(redactors, mode, report);
        _report = report;
    }

    /// <summary>The edits that replace what the guards found; findings go to <paramref name="report"/>, and those that block are none of the edits' business.</summary>
    public static List<BodyEdit> Run(
        MessageContent content, ReadOnlySpan<byte> body, IReadOnlyList<ITextRedactor> redactors, GuardMode mode, Action<Finding> report)
    {
        var redaction = new BodyRedaction(redactors, mode, report);
        return redaction._redactions.Any ? redaction.Edits(content, body) : [];
    }

    /// <summary>What to report when a redacted body cannot be used: better no exchange than one with the span in it.</summary>
    public static Finding Failed(Surface surface) => new(
        GuardId.Other, StreamInspector.RedactionFailed, Threat.Other, surface, PolicyAction.Block, Severity.High, GuardMode.Enforce);

    private List<BodyEdit> Edits(MessageContent content, ReadOnlySpan<byte> body)
    {
        var segments = content.Segments;
        var texts = new List<TextEdit>?[segments.Length];
        for (var at = 0; at < segments.Length;)
        {
            var end = EndOfToken(segments, at);
            texts[at] = end - at > 1
                ? OfSeveral(content, segments[at..end])
                : _redactions.Whole(content.TextOf(segments[at]), segments[at].Surface, segments[at].Trust, segments[at].Flags, IsEditable(segments[at]));
            at = end;
        }

        foreach (var surface in Enum.GetValues<Surface>())
        {
            if (surface is not (Surface.ToolArguments or Surface.ToolDefinition or Surface.Metadata))
            {
                Join(content, surface, texts);
            }
        }

        return Written(content, body, texts);
    }

    private static bool IsEditable(in Segment segment) => segment.TokenStart >= 0 && (segment.Flags & (SegmentFlags.Nested | SegmentFlags.Decoded)) == 0;

    private static int EndOfToken(ReadOnlySpan<Segment> segments, int at)
    {
        var end = at + 1;
        while (end < segments.Length && segments[at].TokenStart >= 0 && segments[end].TokenStart == segments[at].TokenStart)
        {
            end++;
        }

        return end;
    }

    private static bool AreNested(ReadOnlySpan<Segment> segments)
    {
        foreach (ref readonly var segment in segments)
        {
            if ((segment.Flags & SegmentFlags.Nested) == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A token of several texts: a string, and the strings of the JSON in it. Other tokens of several texts cannot be changed.</summary>
    private List<TextEdit>? OfSeveral(MessageContent content, ReadOnlySpan<Segment> segments)
    {
        var outer = segments[0];
        var text = content.TextOf(outer).ToString();
        using var strings = new MessageContent();
        if (!AreNested(segments[1..]) || !ToolArgumentsReader.TryRead(text, strings))
        {
            foreach (ref readonly var segment in segments)
            {
                _redactions.Whole(content.TextOf(segment), segment.Surface, segment.Trust, segment.Flags, editable: false);
            }

            return null;
        }

        var channel = new StreamChannel { Surface = outer.Surface, Trust = outer.Trust, Flags = outer.Flags };
        if (ToolArgumentsRedaction.Run(text, channel, _redactions) is { } edits)
        {
            return TextEdit.Unite(edits);
        }

        _report(Failed(outer.Surface));
        return null;
    }

    private void Join(MessageContent content, Surface surface, List<TextEdit>?[] texts)
    {
        var segments = content.Segments;
        var parts = new List<int>();
        for (var at = 0; at <= segments.Length; at++)
        {
            if (parts.Count > 0 && (at == segments.Length || (segments[at].Group >= 0 && segments[at].Group != segments[parts[0]].Group)))
            {
                JoinParts(content, parts, texts);
                parts.Clear();
            }

            if (at < segments.Length && segments[at] is { Group: >= 0, Flags: SegmentFlags.None } part && part.Surface == surface)
            {
                parts.Add(at);
            }
        }
    }

    private void JoinParts(MessageContent content, List<int> parts, List<TextEdit>?[] texts)
    {
        if (parts.Count == 1)
        {
            return;
        }

        var joined = new System.Text.StringBuilder();
        var seams = new List<int>();
        var isEditable = true;
        foreach (var at in parts)
        {
            joined.Append(content.TextOf(content.Segments[at]));
            seams.Add(joined.Length);
            isEditable &= IsEditable(content.Segments[at]);
        }

        var first = content.Segments[parts[0]];
        var edits = _redactions.AcrossSeams(joined.ToString(), first.Surface, first.Trust, isEditable, seams);
        int start = 0, done = 0;
        for (var part = 0; part < parts.Count && done < edits.Count; start = seams[part++])
        {
            if (OfPart(edits, ref done, start, seams[part]) is { Count: > 0 } own)
            {
                texts[parts[part]] = TextEdit.Unite([.. texts[parts[part]] ?? [], .. own]);
            }
        }
    }

    /// <summary>A span over several parts is replaced in the first and cut out of the others.</summary>
    private static List<TextEdit> OfPart(List<TextEdit> edits, ref int done, int start, int end)
    {
        var own = new List<TextEdit>();
        while (done < edits.Count && edits[done].End <= start)
        {
            done++;
        }

        for (var i = done; i < edits.Count && edits[i].Start < end; i++)
        {
            var edit = edits[i];
            var from = Math.Max(edit.Start, start);
            var length = Math.Min(edit.End, end) - from;
            if (length > 0)
            {
                own.Add(new TextEdit(from - start, length, edit.Start >= start ? edit.Replacement : ""));
            }
        }

        return own;
    }

    private List<BodyEdit> Written(MessageContent content, ReadOnlySpan<byte> body, List<TextEdit>?[] texts)
    {
        var edits = new List<BodyEdit>();
        for (var at = 0; at < texts.Length; at++)
        {
            if (texts[at] is { Count: > 0 } own && IsEditable(content.Segments[at]))
            {
                if (JsonStringEditor.TryReplace(body, content.Segments[at].TokenStart, own, out var edit))
                {
                    edits.Add(edit);
                }
                else
                {
                    _report(Failed(content.Segments[at].Surface));
                }
            }
        }

        return edits;
    }
}
