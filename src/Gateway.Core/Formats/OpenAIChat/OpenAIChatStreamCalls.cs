using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIChat;

/// <summary>
/// The tool calls of a stream, put together from fragments: known by choice, index and id. A new id under an index that is in use is a new call
/// (some servers number every call 0). Fragments of several calls may interleave, so none is complete before its choice has finished.
/// </summary>
internal sealed class OpenAIChatStreamCalls(StreamTexts texts)
{
    // Providers allow 128 tools; a stream that opens a call per frame is an attack on memory.
    private const int MaxCalls = 256;

    private readonly List<Call> _calls = [];
    private Call? _current;

    /// <summary>Finds the call that a fragment belongs to, or opens it.</summary>
    public void Open(in ToolStart tool)
    {
        if (tool.Index < 0 && tool.Index != OpenAIChatResponseWalker.LegacyCall)
        {
            texts.Fault(StreamFaults.IndexJump);
        }

        _current = Find(tool);
        if (_current is null)
        {
            if (_calls.Count == MaxCalls)
            {
                texts.Fault(StreamFaults.TooManyItems);
                return;
            }

            _current = new Call(tool.Choice, tool.Index);
            _calls.Add(_current);
        }

        if (!tool.Id.IsEmpty)
        {
            _current.Id ??= tool.Id.ToString();
        }

        Name(_current, tool);
    }

    /// <summary>Adds a fragment of arguments to the call opened last.</summary>
    public void Arguments(JsonString text, bool isText)
    {
        if (text.IsEmpty)
        {
            return;
        }

        if (_current is { Channel: >= 0 })
        {
            // Free text is not held to be JSON: a call must not become one half way.
            _current.IsText ??= isText;
            if (_current.IsText != isText)
            {
                texts.Fault(StreamFaults.BlockTypeMismatch);
            }

            texts.ToolArguments(_current.Channel, text, isText);
        }
        else
        {
            texts.Fault(StreamFaults.ToolWithoutName);
            texts.Text(TextPlaces.Alternative, -1, text, 0);
        }
    }

    /// <summary>Refuses a choice that ends with a call that never got a name.</summary>
    public void CheckAllNamed(int choice)
    {
        foreach (var call in _calls)
        {
            if (call.Choice == choice && call.Channel < 0)
            {
                texts.Fault(StreamFaults.ToolWithoutName);
            }
        }
    }

    private Call? Find(in ToolStart tool)
    {
        Call? latest = null;
        for (var i = _calls.Count - 1; i >= 0; i--)
        {
            var call = _calls[i];
            if (call.Choice != tool.Choice || call.Index != tool.Index)
            {
                continue;
            }

            latest ??= call;
            if (tool.Id.IsEmpty || (call.Id is not null && tool.Id.Is(call.Id)))
            {
                return call;
            }
        }

        return latest is { Id: null } ? latest : null;
    }

    // Official helpers glue repeated names together, others take the first or the last: only the same one again is harmless.
    private void Name(Call call, in ToolStart tool)
    {
        if (tool.Name.IsEmpty)
        {
            return;
        }

        if (call.Name is null)
        {
            call.Name = tool.Name.ToString();
            call.Channel = texts.OpenTool(tool.Choice, tool.Name, SegmentFlags.None);
        }
        else if (!tool.Name.Is(call.Name))
        {
            texts.Fault(StreamFaults.ToolNameChanged);
            texts.Text(TextPlaces.Alternative, -1, tool.Name, 0);
        }
    }

    private sealed class Call(int choice, int index)
    {
        public int Choice { get; } = choice;

        public int Index { get; } = index;

        public string? Id { get; set; }

        public string? Name { get; set; }

        public int Channel { get; set; } = -1;

        public bool? IsText { get; set; }
    }
}
