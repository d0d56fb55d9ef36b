using Gateway.Core.Formats.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.Gemini;

/// <summary>The content of a candidate.</summary>
internal ref partial struct GeminiWalker
{
    private readonly void Content(int content, int choice)
    {
        ulong seen = 0;
        for (var name = First(content); name > 0; name = Next(content, name))
        {
            var value = name + 1;
            switch (Member(name, ref seen))
            {
                case GeminiMember.Role:
                    Leaves(value, TextPlaces.Metadata, choice);
                    break;
                case GeminiMember.Parts when Is(value, JsonKind.Array):
                    Parts(value, choice);
                    break;
                case GeminiMember.Parts when Is(value, JsonKind.Object):
                    Part(value, choice);
                    break;
                case GeminiMember.Parts when !Is(value, JsonKind.Null):
                    Misshapen(value, choice);
                    break;
                default:
                    Everything(name, TextPlaces.Other, choice);
                    break;
            }
        }
    }

    private readonly void Parts(int array, int choice)
    {
        for (var item = array + 1; item < _view[array].Next; item = _view[item].Next)
        {
            if (Is(item, JsonKind.Object))
            {
                Part(item, choice);
            }
            else
            {
                Misshapen(item, choice);
            }
        }
    }

    private readonly void Part(int part, int choice)
    {
        var thought = _view.Member(part, "thought"u8);
        var place = thought >= 0 && Is(thought, JsonKind.True) ? TextPlaces.Thinking : TextPlaces.Prose;
        ulong seen = 0;
        for (var name = First(part); name > 0; name = Next(part, name))
        {
            PartMember(Member(name, ref seen), name, place, choice);
        }
    }

    private readonly void PartMember(GeminiMember member, int name, in TextPlace place, int choice)
    {
        var value = name + 1;
        switch (member)
        {
            case GeminiMember.Text:
                Leaves(value, place, choice);
                break;
            case GeminiMember.Thought or GeminiMember.MediaResolution:
                Leaves(value, TextPlaces.Metadata, choice);
                break;
            case GeminiMember.ThoughtSignature:
                Leaves(value, TextPlaces.Redacted, choice);
                break;
            case GeminiMember.FunctionCall when Is(value, JsonKind.Object):
                FunctionCall(value, choice);
                break;
            case GeminiMember.ExecutableCode when Is(value, JsonKind.Object):
                ExecutableCode(value, choice);
                break;
            case GeminiMember.ToolCall when Is(value, JsonKind.Object):
                ServerCall(value, choice);
                break;
            case GeminiMember.FunctionCall or GeminiMember.ExecutableCode or GeminiMember.ToolCall when !Is(value, JsonKind.Null):
                Misshapen(value, choice);
                break;
            case GeminiMember.InlineData when Is(value, JsonKind.Object):
                InlineData(value, choice);
                break;
            case GeminiMember.FileData:
                Leaves(value, TextPlaces.Metadata, choice);
                break;
            case GeminiMember.CodeExecutionResult or GeminiMember.ToolResponse or GeminiMember.FunctionResponse when Is(value, JsonKind.Object):
                Result(value, choice);
                break;
            default:
                Everything(name, TextPlaces.Other, choice);
                break;
        }
    }

    private readonly void Result(int result, int choice)
    {
        ulong seen = 0;
        for (var name = First(result); name > 0; name = Next(result, name))
        {
            switch (Member(name, ref seen))
            {
                case GeminiMember.Outcome or GeminiMember.Id or GeminiMember.ToolType:
                    Leaves(name + 1, TextPlaces.Metadata, choice);
                    break;
                case GeminiMember.Output or GeminiMember.Response or GeminiMember.Name:
                    Leaves(name + 1, TextPlaces.ToolResult, choice);
                    break;
                default:
                    Everything(name, TextPlaces.ToolResult, choice);
                    break;
            }
        }
    }

    private readonly void InlineData(int inline, int choice)
    {
        ulong seen = 0;
        for (var name = First(inline); name > 0; name = Next(inline, name))
        {
            var value = name + 1;
            switch (Member(name, ref seen))
            {
                case GeminiMember.Data when Is(value, JsonKind.String):
                    _sink.Text(TextPlaces.Media, choice, String(value));
                    Decoded(value, choice);
                    break;
                case GeminiMember.MimeType or GeminiMember.DisplayName:
                    Leaves(value, TextPlaces.Metadata, choice);
                    break;
                default:
                    Everything(name, TextPlaces.Other, choice);
                    break;
            }
        }
    }

    // Files that the model writes may be text; what the client would save is what is read.
    private readonly void Decoded(int value, int choice)
    {
        var inner = _view.Inner(value);
        if (_view[value].IsEscaped)
        {
            var buffer = new byte[inner.Length];
            inner = buffer.AsSpan(0, JsonStrings.Unescape(inner, buffer.AsSpan()));
        }

        var place = new DecodedPlace(_sink, choice, _view[value].Start);
        EncodedText.TryRead(inner, ref place, static (utf8, ref place) =>
            place.Sink.Text(TextPlaces.DecodedMedia, place.Choice, new JsonString(utf8, escaped: false, place.TokenStart)));
    }

    private readonly record struct DecodedPlace(IResponseSink Sink, int Choice, int TokenStart);
}
