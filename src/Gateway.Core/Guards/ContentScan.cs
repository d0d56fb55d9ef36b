using System.Buffers;
using Gateway.Core.Detection.Patterns;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using Gateway.Core.Policies;

namespace Gateway.Core.Guards;

/// <summary>
/// Content rules over the segments of a whole body, request or response. Each segment is read by itself, and the plain segments of one message
/// and surface once more joined: the model reads them joined, so a phrase must not hide in the seam between two parts.
/// </summary>
public ref struct ContentScan
{
    private readonly GuardTexts _texts;
    private readonly ReadOnlySpan<byte> _body;
    private readonly ContentRuleSet _rules;
    private readonly Action<Finding> _report;
    private HashSet<(Surface, string)>? _seen;

    private ContentScan(GuardTexts texts, ReadOnlySpan<byte> body, ContentRuleSet rules, Action<Finding> report)
    {
        _texts = texts;
        _body = body;
        _rules = rules;
        _report = report;
    }

    /// <summary>Reports each rule that matches, once for each surface.</summary>
    public static void Run(GuardTexts texts, ReadOnlySpan<byte> body, ContentRuleSet rules, Action<Finding> report)
    {
        if (!rules.Rules.IsEmpty)
        {
            new ContentScan(texts, body, rules, report).ScanGroups();
        }
    }

    /// <summary>The same where nobody counts what was read.</summary>
    public static void Run(MessageContent content, ReadOnlySpan<byte> body, ContentRuleSet rules, Action<Finding> report) =>
        Run(new GuardTexts(content), body, rules, report);

    /// <summary>The finding of <paramref name="rule"/> at a match.</summary>
    public static Finding ToFinding(ContentRule rule, Surface surface, string? path, in PatternMatch match) => new(
        GuardId.Content, rule.Id, rule.Threat, surface, rule.Action, rule.Severity, rule.Mode, path, match.Start, (int)(match.End - match.Start), rule.Message,
        rule.Override);

    private void ScanGroups()
    {
        var segments = _texts.Content.Segments;
        for (var start = 0; start < segments.Length;)
        {
            var end = EndOfGroup(segments, start);
            ScanGroup(segments[start..end]);
            start = end;
        }
    }

    // What belongs to no message may stand between two parts of one: the model does not see it there.
    private static int EndOfGroup(ReadOnlySpan<Segment> segments, int start)
    {
        var (end, group) = (start + 1, segments[start].Group);
        for (var at = end; group >= 0 && at < segments.Length && (segments[at].Group == group || segments[at].Group < 0); at++)
        {
            end = segments[at].Group == group ? at + 1 : end;
        }

        return end;
    }

    private void ScanGroup(ReadOnlySpan<Segment> group)
    {
        var joinable = 0;
        foreach (ref readonly var segment in group)
        {
            if (_rules.For(segment.Surface) is { } here)
            {
                Scan(_texts.Read(segment), here, segment.Surface, segment.TokenStart);
                joinable += segment is { Group: >= 0, Flags: SegmentFlags.None } ? 1 : 0;
            }
        }

        if (joinable > 1)
        {
            ScanJoined(group);
        }
    }

    private void ScanJoined(ReadOnlySpan<Segment> group)
    {
        char[]? buffer = null;

        // Metadata strings are names and ids of unrelated fields: nobody reads them joined.
        for (var surface = Surface.System; surface < Surface.Metadata; surface++)
        {
            if (_rules.For(surface) is { } here && Measure(group, surface) is { Parts: > 1 } size)
            {
                buffer ??= ArrayPool<char>.Shared.Rent(Total(group));
                Join(group, surface, buffer);
                Scan(buffer.AsSpan(0, size.Length), here, surface, tokenStart: -1);
            }
        }

        if (buffer is not null)
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    private static (int Parts, int Length) Measure(ReadOnlySpan<Segment> group, Surface surface)
    {
        int parts = 0, length = 0;
        foreach (ref readonly var segment in group)
        {
            if (segment is { Group: >= 0, Flags: SegmentFlags.None } && segment.Surface == surface)
            {
                parts++;
                length += segment.TextLength;
            }
        }

        return (parts, length);
    }

    private static int Total(ReadOnlySpan<Segment> group)
    {
        var total = 0;
        foreach (ref readonly var segment in group)
        {
            total += segment.TextLength;
        }

        return total;
    }

    private readonly void Join(ReadOnlySpan<Segment> group, Surface surface, Span<char> buffer)
    {
        foreach (ref readonly var segment in group)
        {
            if (segment is { Group: >= 0, Flags: SegmentFlags.None } && segment.Surface == surface)
            {
                _texts.Content.TextOf(segment).CopyTo(buffer);
                buffer = buffer[segment.TextLength..];
            }
        }
    }

    private void Scan(ReadOnlySpan<char> text, SurfaceRules here, Surface surface, int tokenStart)
    {
        const int MostOnStack = 64;
        Span<PatternMatch> matches = here.Rules.Length <= MostOnStack ? stackalloc PatternMatch[here.Rules.Length] : new PatternMatch[here.Rules.Length];
        var count = here.Patterns.MatchesAny(text, matches);
        for (var i = 0; i < count; i++)
        {
            var rule = here.Rules[matches[i].Pattern];
            if ((_seen ??= []).Add((surface, rule.Id)))
            {
                var path = tokenStart < 0 ? null : JsonPath.At(_body, tokenStart);
                _report(ToFinding(rule, surface, path, matches[i]));
            }
        }
    }
}
