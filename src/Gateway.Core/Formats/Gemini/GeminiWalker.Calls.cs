using Gateway.Core.Formats.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.Gemini;

/// <summary>Calls of tools: the client's, which come whole in one part, and those that the provider has executed.</summary>
internal ref partial struct GeminiWalker
{
    private readonly void FunctionCall(int call, int choice)
    {
        var args = _view.Member(call, "args"u8);
        args = args >= 0 && Is(args, JsonKind.Null) ? -1 : args;
        var pieces = GeminiInlineData.Member(_view, call, "partialArgs");
        var name = Find(call, "name"u8);
        if (pieces >= 0 || IsContinued(call) || (name.IsEmpty && args < 0))
        {
            PartialCall(call, pieces, args, choice);
            return;
        }

        _sink.OpenTool(new ToolStart { Choice = choice, Id = Find(call, "id"u8), Name = name });
        if (args >= 0)
        {
            Arguments(args);
        }

        _sink.CloseTool();
        CallMembers(call, choice);
    }

    // The arguments come in pieces over several chunks, each for a path in the arguments; the provider does so only when it is asked to.
    private readonly void PartialCall(int call, int pieces, int args, int choice)
    {
        if (_partial is null || args >= 0)
        {
            _sink.Fault(StreamFaults.WrongType);
        }
        else
        {
            _partial.Open(_sink, choice, Find(call, "name"u8));
            for (var item = pieces + 1; pieces >= 0 && item < _view[pieces].Next; item = _view[item].Next)
            {
                _partial.Piece(_sink, Find(item, "jsonPath"u8, "json_path"u8), Find(item, "stringValue"u8, "string_value"u8));
            }

            _partial.Close(_sink, choice, IsContinued(call));
        }

        Leaves(call, TextPlaces.Arguments, choice);
    }

    private readonly void CallMembers(int call, int choice)
    {
        ulong seen = 0;
        for (var name = First(call); name > 0; name = Next(call, name))
        {
            switch (Member(name, ref seen))
            {
                case GeminiMember.Name or GeminiMember.Args when !Is(name + 1, JsonKind.Array):
                    break;
                case GeminiMember.Id:
                    Leaves(name + 1, TextPlaces.Metadata, choice);
                    break;
                default:
                    Everything(name, TextPlaces.Other, choice);
                    break;
            }
        }
    }

    private readonly void ExecutableCode(int code, int choice)
    {
        var text = Find(code, "code"u8);
        _sink.OpenTool(new ToolStart
        {
            Choice = choice,
            Name = new JsonString("code_execution"u8, escaped: false, tokenStart: -1),
            Id = Find(code, "id"u8),
            ProviderSide = true,
            OnlyArgument = "code",
        });
        if (!text.IsEmpty)
        {
            _sink.ToolArguments(text, isText: true);
        }

        _sink.CloseTool();
        ulong seen = 0;
        for (var name = First(code); name > 0; name = Next(code, name))
        {
            switch (Member(name, ref seen))
            {
                case GeminiMember.Code when Is(name + 1, JsonKind.String):
                    break;
                case GeminiMember.Language or GeminiMember.Id:
                    Leaves(name + 1, TextPlaces.Metadata, choice);
                    break;
                default:
                    Everything(name, TextPlaces.Arguments, choice);
                    break;
            }
        }
    }

    private readonly void ServerCall(int call, int choice)
    {
        var type = Find(call, "toolType"u8, "tool_type"u8);
        _sink.OpenTool(new ToolStart { Choice = choice, Name = type.IsEmpty ? new JsonString("tool"u8, escaped: false, -1) : type, ProviderSide = true });
        var args = _view.Member(call, "args"u8);
        if (args >= 0 && !Is(args, JsonKind.Null))
        {
            Arguments(args);
        }

        _sink.CloseTool();
        ulong seen = 0;
        for (var name = First(call); name > 0; name = Next(call, name))
        {
            if (Member(name, ref seen) is not (GeminiMember.Args or GeminiMember.ToolType))
            {
                Everything(name, TextPlaces.Metadata, choice);
            }
        }
    }

    private readonly void Arguments(int args)
    {
        if (!Is(args, JsonKind.Object))
        {
            _sink.Fault(StreamFaults.WrongType);
        }

        _sink.ToolInput(_view.Raw(args), _view[args].Start);
    }

    private readonly bool IsContinued(int call)
    {
        var value = GeminiInlineData.Member(_view, call, "willContinue");
        return value >= 0 && Is(value, JsonKind.True);
    }

    private readonly JsonString Find(int container, ReadOnlySpan<byte> name, ReadOnlySpan<byte> other = default)
    {
        var value = _view.Member(container, name);
        value = value < 0 && !other.IsEmpty ? _view.Member(container, other) : value;
        return value >= 0 && Is(value, JsonKind.String) ? String(value) : default;
    }
}
