using System.Collections.Immutable;
using Gateway.Core.Formats;

namespace Gateway.Core.Guards;

/// <summary>
/// What of a frame may have to be edited when it goes: the places of its running texts, and the edits of the texts that stand for themselves.
/// </summary>
internal sealed class FramePlaces(ImmutableArray<ChannelPlace> running, ImmutableArray<TokenEdits> whole)
{
    /// <summary>Nothing.</summary>
    public static FramePlaces None { get; } = new([], []);

    /// <summary>Those of the frame that <paramref name="channels"/> has just read.</summary>
    public static FramePlaces Of(in SseFrame sse, StreamChannels channels)
    {
        if (channels.Places.Count == 0 && channels.WholeEdits.Count == 0)
        {
            return None;
        }

        var running = ImmutableArray.CreateBuilder<ChannelPlace>();
        foreach (var (place, token) in channels.Places)
        {
            if (place.Length > 0)
            {
                running.Add(place with { TokenStart = token.IsKnown ? FrameEditor.RawOffset(sse, token) : -1 });
            }
        }

        var whole = ImmutableArray.CreateBuilder<TokenEdits>();
        foreach (var (token, edits) in channels.WholeEdits)
        {
            whole.Add(new TokenEdits(FrameEditor.RawOffset(sse, token), token.IsValue, edits));
        }

        return new FramePlaces(running.DrainToImmutable(), whole.DrainToImmutable());
    }

    /// <summary>The edits that are certain now; null where there are none.</summary>
    public List<TokenEdits>? Edits()
    {
        List<TokenEdits>? edits = whole.IsEmpty ? null : [.. whole];
        foreach (var place in running)
        {
            if (place.Channel.EditsOf(place) is { } own)
            {
                (edits ??= []).Add(new TokenEdits(place.TokenStart, place.IsValue, own));
            }
        }

        return edits;
    }
}
