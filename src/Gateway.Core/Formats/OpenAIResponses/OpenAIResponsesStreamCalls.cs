using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>The calls of a stream. Arguments come in pieces and whole, twice: clients run the call with either, so they must be the same.</summary>
internal sealed class OpenAIResponsesStreamCalls(StreamTexts texts)
{
    /// <summary>Opens the call of <paramref name="item"/>, or checks that it is still the same.</summary>
    public void Open(ResponsesStreamItem? item, in ToolStart tool)
    {
        if (item is null || tool.Name.IsEmpty)
        {
            return;
        }

        if (item.ToolName is not null)
        {
            CheckName(item, tool.Name);
            return;
        }

        item.ToolName = tool.Name.ToString();
        item.Channel = texts.OpenTool(0, tool.Name, tool.ProviderSide ? SegmentFlags.ProviderSide : SegmentFlags.None);
    }

    /// <summary>An event that repeats the name must repeat it truly. A name of a namespace stands there without it.</summary>
    public void CheckName(ResponsesStreamItem? item, JsonString name)
    {
        if (item?.ToolName is not { } known || name.IsEmpty || name.Is(known))
        {
            return;
        }

        if (!known.EndsWith('.' + name.ToString(), StringComparison.Ordinal))
        {
            texts.Fault(StreamFaults.ToolNameChanged);
            texts.Text(TextPlaces.Alternative, -1, name, 0);
        }
    }

    /// <summary>The next piece of the arguments.</summary>
    public void Delta(ResponsesStreamItem? item, JsonString text, int atEvent)
    {
        if (item is not { Channel: >= 0 })
        {
            texts.Fault(item is { Kind.IsNamedCall: false } ? StreamFaults.BlockTypeMismatch : StreamFaults.ToolWithoutName);
            texts.Text(TextPlaces.Alternative, 0, text, 0);
            return;
        }

        if (item.IsCallWhole)
        {
            texts.Fault(StreamFaults.AfterFinish);
        }

        item.Arguments.Append(text.ToString(), atEvent);
        texts.ToolArguments(item.Channel, text, item.Kind.IsText);
    }

    /// <summary>The arguments, whole.</summary>
    public void Full(ResponsesStreamItem? item, JsonString text, int atEvent)
    {
        if (text.IsEmpty && item is { IsCallWhole: false })
        {
            return;
        }

        if (item is { Arguments.Text.Length: 0, IsCallWhole: false })
        {
            Delta(item, text, atEvent);
        }
        else if (item is null || !item.Arguments.Text.Equals(text.ToString()))
        {
            texts.Fault(StreamFaults.ToolArgumentsChanged);
            texts.Text(TextPlaces.Alternative, 0, text, 0);
        }
        else if (texts.Frame.EveryText && item.Channel >= 0)
        {
            texts.ToolAgain(item.Channel, text, item.Kind.IsText);
        }
    }

    /// <summary>The call is whole.</summary>
    public void Close(ResponsesStreamItem? item)
    {
        if (item is null || item.IsCallWhole)
        {
            return;
        }

        if (item.Channel < 0)
        {
            texts.Fault(StreamFaults.ToolWithoutName);
            return;
        }

        item.IsCallWhole = true;
        texts.End(item.Channel);
    }

    /// <summary>A whole call of a tool that only the item's type names.</summary>
    public void Implied(ResponsesStreamItem item, in ToolStart tool, string name, string arguments)
    {
        item.IsCallWhole = true;
        var word = new JsonString(Encoding.UTF8.GetBytes(name), escaped: false, 0);
        item.Channel = texts.OpenTool(0, word, tool.ProviderSide ? SegmentFlags.ProviderSide : SegmentFlags.None);
        if (item.Channel >= 0)
        {
            texts.ToolArguments(item.Channel, new JsonString(Encoding.UTF8.GetBytes(arguments), escaped: false, 0));
            texts.End(item.Channel);
        }
    }
}
