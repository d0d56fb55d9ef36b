using Gateway.Core.Formats.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.Gemini;

/// <summary>
/// The table of text-bearing fields of Gemini answers and chunks, as a walk over the tokens that the strict reader accepted: every string is
/// reported, those that no case knows inside a candidate as output of the model, elsewhere as metadata.
/// </summary>
internal ref partial struct GeminiWalker
{
    private readonly JsonView _view;
    private readonly IResponseSink _sink;
    private readonly GeminiPartialCalls? _partial;
    private GeminiAnswer _answer;

    private GeminiWalker(JsonView view, IResponseSink sink, GeminiPartialCalls? partial)
    {
        _view = view;
        _sink = sink;
        _partial = partial;
    }

    /// <summary>Reports all of <paramref name="json"/> to <paramref name="sink"/>. Never throws.</summary>
    /// <param name="json">The answer, or one chunk of a streamed answer.</param>
    /// <param name="sink">Where everything goes.</param>
    /// <param name="partial">Puts together calls whose arguments come in pieces; null for a whole answer, which has none.</param>
    public static GeminiAnswer Walk(ReadOnlySpan<byte> json, IResponseSink sink, GeminiPartialCalls? partial)
    {
        using var tape = new JsonTape();
        if (StrictJson.ReadObject(json, tape) is { } fault)
        {
            sink.Fault(FaultOf(fault.Reason));
            return default;
        }

        var walker = new GeminiWalker(tape.View(json), sink, partial);
        walker.Root();
        return walker._answer;
    }

    private static string FaultOf(string reason) => reason switch
    {
        RequestFaultReasons.DuplicateKey => StreamFaults.DuplicateKey,
        RequestFaultReasons.LoneSurrogate => StreamFaults.LoneSurrogate,
        RequestFaultReasons.TooManyItems => StreamFaults.TooManyItems,
        RequestFaultReasons.NotAnObject => StreamFaults.NotAnObject,
        RequestFaultReasons.NotUtf8 => StreamFaults.NotUtf8,
        RequestFaultReasons.Bom => StreamFaults.ByteOrderMark,
        _ => StreamFaults.NotJson,
    };

    private void Root()
    {
        ulong seen = 0;
        for (var name = First(0); name > 0; name = Next(0, name))
        {
            var value = name + 1;
            switch (Member(name, ref seen))
            {
                case GeminiMember.Candidates when Is(value, JsonKind.Array):
                    Candidates(value);
                    break;
                case GeminiMember.Candidates when !Is(value, JsonKind.Null):
                    Misshapen(value, -1);
                    break;
                case GeminiMember.PromptFeedback when Is(value, JsonKind.Object):
                    PromptFeedback(value);
                    break;
                case GeminiMember.UsageMetadata when Is(value, JsonKind.Object):
                    GeminiUsage.Read(_view, value, _sink);
                    Leaves(value, TextPlaces.Metadata, -1);
                    break;
                case GeminiMember.ModelVersion when Is(value, JsonKind.String):
                    _sink.Model(String(value));
                    break;
                case GeminiMember.ResponseId when Is(value, JsonKind.String):
                    _sink.ResponseId(String(value));
                    break;
                case GeminiMember.Error when !Is(value, JsonKind.Null):
                    Error(value);
                    break;
                case GeminiMember.CreateTime when Is(value, JsonKind.String):
                    _sink.Text(TextPlaces.Envelope, -1, String(value), (ulong)GeminiMember.CreateTime);
                    break;
                default:
                    Everything(name, TextPlaces.Metadata, -1);
                    break;
            }
        }
    }

    private void Error(int error)
    {
        _answer.IsError = true;
        var status = _view.Text(_view.Member(error, "status"u8));
        _sink.Error(status ?? _view.Integer(_view.Member(error, "code"u8))?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Leaves(error, TextPlaces.Metadata, -1);
    }

    // A prompt that the provider blocks has no candidates: this is the whole answer.
    private void PromptFeedback(int feedback)
    {
        string? reason = null;
        ulong seen = 0;
        for (var name = First(feedback); name > 0; name = Next(feedback, name))
        {
            var value = name + 1;
            switch (Member(name, ref seen))
            {
                case GeminiMember.BlockReason when Is(value, JsonKind.String):
                    reason = _view.Text(value);
                    _sink.Text(TextPlaces.Metadata, -1, String(value));
                    break;
                case GeminiMember.BlockReasonMessage:
                    Leaves(value, TextPlaces.ModelNote, -1);
                    break;
                case GeminiMember.SafetyRatings:
                    Leaves(value, TextPlaces.Metadata, -1);
                    break;
                default:
                    Everything(name, TextPlaces.Metadata, -1);
                    break;
            }
        }

        if (!string.IsNullOrEmpty(reason))
        {
            _answer.IsAnswer = true;
            _sink.EndChoice(0, "blocked:" + reason);
        }
    }

    private void Candidates(int array)
    {
        _answer.IsAnswer = true;
        var position = 0;
        for (var item = array + 1; item < _view[array].Next; item = _view[item].Next, position++)
        {
            if (Is(item, JsonKind.Object))
            {
                Candidate(item, position);
            }
            else
            {
                Misshapen(item, position);
            }
        }
    }

    private void Candidate(int candidate, int position)
    {
        var choice = Index(candidate, position);
        _sink.OpenChoice(choice);
        string? finish = null;
        ulong seen = 0;
        for (var name = First(candidate); name > 0; name = Next(candidate, name))
        {
            var member = Member(name, ref seen);
            if (member == GeminiMember.FinishReason && Is(name + 1, JsonKind.String))
            {
                finish = _view.Text(name + 1);
                _sink.Text(TextPlaces.Metadata, choice, String(name + 1));
            }
            else
            {
                CandidateMember(member, name, choice);
            }
        }

        _sink.EndChoice(choice, finish is null or "" or "FINISH_REASON_UNSPECIFIED" ? null : finish);
    }

    private void CandidateMember(GeminiMember member, int name, int choice)
    {
        var value = name + 1;
        switch (member)
        {
            case GeminiMember.Content when Is(value, JsonKind.Object):
                Content(value, choice);
                break;
            case GeminiMember.Content when !Is(value, JsonKind.Null):
                Misshapen(value, choice);
                break;
            case GeminiMember.Index when Is(value, JsonKind.Number):
                break;
            case GeminiMember.FinishMessage:
                Leaves(value, TextPlaces.ModelNote, choice);
                break;
            case GeminiMember.SafetyRatings or GeminiMember.FinishReason or GeminiMember.ContinuationToken:
                Leaves(value, TextPlaces.Metadata, choice);
                break;
            case GeminiMember.CitationMetadata or GeminiMember.UrlContextMetadata or GeminiMember.GroundingAttributions:
                Leaves(value, TextPlaces.Document, choice);
                break;
            case GeminiMember.GroundingMetadata when Is(value, JsonKind.Object):
                Grounding(value, choice);
                break;
            case GeminiMember.LogprobsResult when Is(value, JsonKind.Object):
                Logprobs(value, choice);
                break;
            default:
                Everything(name, TextPlaces.Other, choice);
                break;
        }
    }

    private readonly int Index(int candidate, int position)
    {
        var value = _view.Member(candidate, "index"u8);
        if (value < 0 || Is(value, JsonKind.Null))
        {
            return position;
        }

        return _view.Integer(value) is >= 0 and <= int.MaxValue and var index ? (int)index : -1;
    }
}
