using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Guards;

/// <summary>
/// Redaction of tool arguments, JSON in a string: each string inside is read by itself and changed by itself, so that the arguments stay JSON. What
/// a guard finds in a name, in a number or across the marks between strings cannot be changed and blocks.
/// </summary>
internal static class ToolArgumentsRedaction
{
    /// <summary>The edits of <paramref name="arguments"/>, which are JSON; null where one cannot be made.</summary>
    public static List<TextEdit>? Run(string arguments, StreamChannel channel, StreamRedactions redactions)
    {
        var json = Encoding.UTF8.GetBytes(arguments);
        using var tape = new JsonTape();
        StrictJson.ReadNested(json, tape);
        var view = tape.View(json);
        var units = new UnitCounter(json);
        var outer = new List<TextEdit>();
        var strings = new List<(int Start, int End)>();
        for (var at = 0; at < view.Count; at++)
        {
            if (view[at].Kind != JsonKind.String)
            {
                continue;
            }

            var start = units.At(view[at].Start);
            var flags = channel.Flags | SegmentFlags.Nested | (view[at].IsName ? SegmentFlags.Key : SegmentFlags.None);
            var edits = redactions.Whole(view.Text(at)!, channel.Surface, channel.Trust, flags, channel.IsEditable);
            if (edits.Count > 0)
            {
                if (!JsonStringEditor.TryReplace(json, view[at].Start, edits, out var edit))
                {
                    return null;
                }

                outer.Add(NestedJsonEditor.OfText(ref units, edit));
            }

            strings.Add((start, units.At(view[at].Start + view[at].Length)));
        }

        redactions.Outside(arguments, channel, strings);
        return outer;
    }
}
