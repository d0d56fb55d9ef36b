using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.Gemini;

/// <summary>What stands beside the content, and the walk over members and strings.</summary>
internal ref partial struct GeminiWalker
{
    private readonly void Grounding(int grounding, int choice)
    {
        ulong seen = 0;
        for (var name = First(grounding); name > 0; name = Next(grounding, name))
        {
            if (Member(name, ref seen) == GeminiMember.GroundingSupports && Is(name + 1, JsonKind.Array))
            {
                // The answer's own text once more.
                Leaves(name + 1, TextPlaces.Alternative, choice);
            }
            else
            {
                Everything(name, TextPlaces.Document, choice);
            }
        }
    }

    private readonly void Logprobs(int logprobs, int choice)
    {
        ulong seen = 0;
        for (var name = First(logprobs); name > 0; name = Next(logprobs, name))
        {
            if (Member(name, ref seen) == GeminiMember.ChosenCandidates && Is(name + 1, JsonKind.Array))
            {
                Leaves(name + 1, TextPlaces.LogprobContent, choice);
            }
            else
            {
                Everything(name, TextPlaces.Alternative, choice);
            }
        }
    }

    /// <summary>The member that <paramref name="name"/> means. A field under two names, or under one that some readers take for it, is a fault.</summary>
    private readonly GeminiMember Member(int name, ref ulong seen)
    {
        var inner = _view[name].IsEscaped ? System.Text.Encoding.UTF8.GetBytes(_view.Text(name)!) : _view.Inner(name);
        var member = GeminiMembers.Of(inner);
        var bit = member == GeminiMember.Unknown ? 0 : 1UL << (int)member;
        if ((seen & bit) != 0)
        {
            _sink.Fault(StreamFaults.TwoSpellings);
        }
        else if (bit == 0 && GeminiMembers.IsVariant(inner))
        {
            _sink.Fault(StreamFaults.KeyCaseVariant);
        }

        seen |= bit;
        return member;
    }

    // Names of members are never token 0, which is the answer itself.
    private readonly int First(int container) => container + 1 < _view[container].Next ? container + 1 : 0;

    private readonly int Next(int container, int name) => _view[name + 1].Next < _view[container].Next ? _view[name + 1].Next : 0;

    private readonly bool Is(int token, JsonKind kind) => _view[token].Kind == kind;

    private readonly JsonString String(int token) => new(_view.Inner(token), _view[token].IsEscaped, _view[token].Start);

    /// <summary>Reports the member's name and every string of its value.</summary>
    private readonly void Everything(int name, in TextPlace place, int choice)
    {
        _sink.Text(TextPlaces.Key, choice, String(name));
        Leaves(name + 1, place, choice, StringLeaves.Hash(_view.Inner(name), 0));
    }

    /// <summary>Reports every string of a value. Texts of kind Other are told apart by the names on the way to them.</summary>
    private readonly void Leaves(int token, in TextPlace place, int choice, ulong variant = 0)
    {
        switch (_view[token].Kind)
        {
            case JsonKind.String:
                _sink.Text(place, choice, String(token), variant);
                break;
            case JsonKind.Array:
                for (var item = token + 1; item < _view[token].Next; item = _view[item].Next)
                {
                    Leaves(item, place, choice, variant);
                }

                break;
            case JsonKind.Object:
                for (var name = First(token); name > 0; name = Next(token, name))
                {
                    _sink.Text(place with { Kind = TextKind.Whole, Flags = place.Flags | SegmentFlags.Key }, choice, String(name));
                    var next = place.Kind == TextKind.Other ? StringLeaves.Hash(_view.Inner(name), variant) : variant;
                    Leaves(name + 1, place, choice, next);
                }

                break;
            default:
                break;
        }
    }

    // What the format makes an array or an object. Script clients index an object {"0":…} like an array, others fail.
    private readonly void Misshapen(int token, int choice)
    {
        _sink.Fault(StreamFaults.WrongType);
        Leaves(token, TextPlaces.Other, choice);
    }
}
