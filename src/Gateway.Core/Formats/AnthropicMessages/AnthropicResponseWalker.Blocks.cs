using System.Text.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>The content blocks of a message.</summary>
internal ref partial struct AnthropicResponseWalker
{
    private void Blocks()
    {
        _shape.HasContent = true;
        if (_blocks is null)
        {
            _sink.OpenChoice(0);
        }

        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            _shape.Blocks++;
            if (_reader.TokenType == JsonTokenType.StartObject)
            {
                Block(BlockKinds.Of(JsonMembers.FindString(_reader, "type"u8)));
            }
            else
            {
                Misshapen();
            }
        }
    }

    private void Block(BlockKind kind)
    {
        var isTool = kind is BlockKind.ToolUse or BlockKind.ServerToolUse;
        if (isTool)
        {
            _sink.OpenTool(new ToolStart
            {
                Id = JsonMembers.FindString(_reader, "id"u8),
                Name = JsonMembers.FindString(_reader, "name"u8),
                ProviderSide = kind == BlockKind.ServerToolUse,
            });
        }

        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            if (_reader.TokenType != JsonTokenType.Null)
            {
                BlockMember(kind, member);
            }
        }

        if (isTool)
        {
            _sink.CloseTool();
        }
    }

    private void BlockMember(BlockKind kind, AnthropicMember member)
    {
        switch (kind, member)
        {
            case (BlockKind.Text, AnthropicMember.Text):
                Leaves(TextPlaces.Prose);
                break;
            case (BlockKind.Text, AnthropicMember.Citations):
                Leaves(TextPlaces.Document);
                break;
            case (BlockKind.Thinking, AnthropicMember.Thinking):
                Leaves(TextPlaces.Thinking);
                break;
            case (BlockKind.Thinking, AnthropicMember.Signature):
                Leaves(TextPlaces.Signature);
                break;
            case (BlockKind.RedactedThinking, AnthropicMember.Data):
                Leaves(TextPlaces.Redacted);
                break;
            case (BlockKind.WebResult, AnthropicMember.Content):
                Leaves(TextPlaces.Document);
                break;
            case (BlockKind.ToolResult, AnthropicMember.Content):
                Leaves(TextPlaces.ToolResult);
                break;
            default:
                ToolMember(kind, member);
                break;
        }
    }

    private void ToolMember(BlockKind kind, AnthropicMember member)
    {
        var isTool = kind is BlockKind.ToolUse or BlockKind.ServerToolUse;
        switch (member)
        {
            case AnthropicMember.Name when isTool && IsString:
                break;
            case AnthropicMember.Input when isTool:
                Input();
                break;
            case AnthropicMember.Type when kind is not (BlockKind.Unknown or BlockKind.ToolResult):
                break;
            case AnthropicMember.Type or AnthropicMember.Id or AnthropicMember.Envelope:
                Leaves(TextPlaces.Metadata);
                break;
            default:
                Unknown(kind is BlockKind.Upload || isTool ? TextPlaces.Metadata : TextPlaces.Other);
                break;
        }
    }

    private void Input()
    {
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        _sink.ToolInput(_json[start..(int)_reader.BytesConsumed], start);
    }
}
