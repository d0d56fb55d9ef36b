using System.Text;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Responses;

/// <summary>Turns what a walker finds in a whole body into segments and tool calls.</summary>
internal sealed class ContentSink(MessageContent content) : IResponseSink
{
    private readonly MessageContent _content = content;
    private int _choice;
    private string _name = "";
    private string? _id;
    private string? _onlyArgument;
    private bool _hasArguments;
    private SegmentFlags _callFlags;

    /// <summary>The first fault.</summary>
    public string? FaultReason { get; private set; }

    public void Fault(string reason) => FaultReason ??= reason;

    public void Text(in TextPlace place, int choice, JsonString text, ulong variant) =>
        Add(place.Surface, place.Trust, place.Flags, choice, text, text.TokenStart);

    public void ResponseId(JsonString id)
    {
        _content.ResponseId = id.ToString();
        Text(TextPlaces.Metadata, -1, id, 0);
    }

    public void Model(JsonString model)
    {
        _content.Model = model.ToString();
        Text(TextPlaces.Metadata, -1, model, 0);
    }

    public void Usage(in TokenUsage usage) => _content.Usage = usage;

    public void Error(string? code)
    {
        _content.IsError = true;
        _content.ErrorCode = code ?? _content.ErrorCode;
    }

    public void OpenChoice(int choice)
    {
        if (choice < 0)
        {
            Fault(StreamFaults.IndexJump);
        }
    }

    public void EndChoice(int choice, string? finish) => _content.FinishReasons.Add(finish);

    public void OpenTool(in ToolStart tool)
    {
        _choice = tool.Choice;
        _name = tool.Name.ToString();
        _id = tool.Id.IsEmpty ? null : tool.Id.ToString();
        _callFlags = tool.ProviderSide ? SegmentFlags.ProviderSide : SegmentFlags.None;
        _hasArguments = false;
        _onlyArgument = tool.OnlyArgument;
        if (tool.Name.IsEmpty)
        {
            Fault(StreamFaults.ToolWithoutName);
        }

        if (tool.Name.TokenStart >= 0)
        {
            Add(Surface.ToolArguments, Trust.Model, _callFlags, _choice, tool.Name, tool.Name.TokenStart);
        }
    }

    public void ToolArguments(JsonString arguments, bool isText)
    {
        var text = arguments.ToString();
        Add(Surface.ToolArguments, Trust.Model, _callFlags, _choice, arguments, arguments.TokenStart);
        AddCall(_onlyArgument is null ? text : $"{{\"{_onlyArgument}\":\"{Encoding.UTF8.GetString(arguments.Raw)}\"}}");
        if (!isText && NestedJson.Walk(text, new Inner(this, arguments.TokenStart, SegmentFlags.Nested), _choice) == NestedJsonFault.DuplicateKey)
        {
            Fault(StreamFaults.DuplicateKeyInArguments);
        }
    }

    public void ToolInput(ReadOnlySpan<byte> json, int tokenStart)
    {
        AddCall(Encoding.UTF8.GetString(json));
        NestedJson.TryWalk(json, new Inner(this, tokenStart, SegmentFlags.None), _choice);
    }

    public void CloseTool()
    {
        if (!_hasArguments)
        {
            AddCall("");
        }
    }

    public void DeclareTool(string name, bool isProviderSide) => _content.Tools.Add(new ToolDeclaration(name, isProviderSide));

    public void ImpliedCall(in ToolStart tool, string name, string arguments) => _content.ToolCalls.Add(
        new ToolCall(name, arguments, tool.Id.IsEmpty ? null : tool.Id.ToString(), History: false, tool.ProviderSide));

    private void AddCall(string arguments)
    {
        if (_hasArguments)
        {
            Fault(StreamFaults.DuplicateKey);
        }

        _hasArguments = true;
        _content.ToolCalls.Add(new ToolCall(_name, arguments, _id, History: false, ProviderSide: _callFlags != SegmentFlags.None));
    }

    private void Add(Surface surface, Trust trust, SegmentFlags flags, int choice, JsonString text, int tokenStart)
    {
        if (text.IsEmpty)
        {
            return;
        }

        var room = _content.Reserve(text.MaxLength);
        var length = text.Decode(room);
        if (text.Escaped && Surrogates.HasLone(room[..length]))
        {
            Fault(StreamFaults.LoneSurrogate);
        }

        _content.Add(surface, trust, flags, choice, tokenStart, length);
    }

    /// <summary>The strings of tool arguments. A string inside a string has no token of its own: it is found at the outer one.</summary>
    private sealed class Inner(ContentSink outer, int tokenStart, SegmentFlags flags) : INestedSink
    {
        public void Leaf(JsonString text, bool isKey, int choice)
        {
            var start = flags == SegmentFlags.Nested ? tokenStart : tokenStart + text.TokenStart;
            outer.Add(Surface.ToolArguments, Trust.Model, outer._callFlags | flags | (isKey ? SegmentFlags.Key : 0), choice, text, start);
        }
    }
}
