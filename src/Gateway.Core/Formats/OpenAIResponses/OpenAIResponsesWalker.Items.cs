using System.Text;
using System.Text.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>The items of an answer.</summary>
internal ref partial struct OpenAIResponsesWalker
{
    private void Output()
    {
        var index = 0;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType == JsonTokenType.StartObject)
            {
                OutputItem(index);
            }
            else
            {
                Misshapen();
            }

            index++;
        }
    }

    private void OutputItem(int index)
    {
        if (_items is not null)
        {
            var after = _reader;
            after.Skip();
            if (_items.IsKnown(index, Stated(), _json[(int)_reader.TokenStartIndex..(int)after.BytesConsumed]))
            {
                _reader = after;
                return;
            }
        }

        Item(index, Kind());
    }

    private readonly ResponsesItemKind Kind() => ResponsesItemKind.Of(JsonMembers.FindString(_reader, "type"u8));

    private readonly ResponsesStreamItem Stated()
    {
        var type = JsonMembers.FindString(_reader, "type"u8);
        return new ResponsesStreamItem(ResponsesItemKind.Of(type), type.ToString(), JsonMembers.FindString(_reader, "id"u8).ToString(), _items!.Events);
    }

    private void Item(int index, ResponsesItemKind kind)
    {
        if (kind.IsNamedCall)
        {
            var start = Start(index, kind);
            _isNamed = !start.Name.IsEmpty;
            _sink.OpenTool(start);
        }
        else if (kind.IsImpliedCall)
        {
            _sink.ImpliedCall(Start(index, kind), kind.Tool!, ImpliedArguments(kind));
        }

        if (kind.Type == "mcp_list_tools")
        {
            DeclareServerTools();
        }

        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            if (_reader.TokenType != JsonTokenType.Null)
            {
                ItemMember(kind, member);
            }
        }

        if (kind.IsNamedCall)
        {
            _sink.CloseTool();
        }
    }

    private void ItemMember(ResponsesItemKind kind, ResponsesMember member)
    {
        switch (member)
        {
            case ResponsesMember.Type or ResponsesMember.Id or ResponsesMember.CallId or ResponsesMember.Status or ResponsesMember.Role
                or ResponsesMember.Phase or ResponsesMember.Caller or ResponsesMember.ServerLabel:
                Leaves(TextPlaces.Metadata);
                break;
            case ResponsesMember.Content or ResponsesMember.Summary when _reader.TokenType == JsonTokenType.StartArray:
                Parts();
                break;
            case ResponsesMember.Content or ResponsesMember.Summary when kind != ResponsesItemKind.Unknown && !IsString:
                Misshapen();
                break;
            case ResponsesMember.EncryptedContent:
                Leaves(TextPlaces.Redacted);
                break;
            case ResponsesMember.Name or ResponsesMember.Namespace when kind.IsNamedCall && IsString && _isNamed:
                break;
            case ResponsesMember.Arguments or ResponsesMember.Input when kind.IsNamedCall && member == kind.Call:
                Arguments(kind);
                break;
            default:
                ResultMember(kind, member);
                break;
        }
    }

    private void ResultMember(ResponsesItemKind kind, ResponsesMember member)
    {
        switch (member)
        {
            case ResponsesMember.Unknown:
            case ResponsesMember when kind == ResponsesItemKind.Unknown:
                Unknown(TextPlaces.Other, 0);
                break;
            case ResponsesMember.Action or ResponsesMember.Operation when _reader.TokenType == JsonTokenType.StartObject:
                Action();
                break;
            case ResponsesMember.Action or ResponsesMember.Actions or ResponsesMember.Operation or ResponsesMember.Arguments or ResponsesMember.Queries
                or ResponsesMember.Code or ResponsesMember.RevisedPrompt:
                Leaves(ResponsesPlaces.Arguments);
                break;
            case ResponsesMember.Output or ResponsesMember.Outputs or ResponsesMember.Error or ResponsesMember.PendingChecks
                or ResponsesMember.AcknowledgedChecks:
                Leaves(TextPlaces.ToolResult);
                break;
            case ResponsesMember.Result:
                Leaves(kind.Type == "image_generation_call" ? ResponsesPlaces.Image : TextPlaces.ToolResult);
                break;
            case ResponsesMember.Results:
                Leaves(TextPlaces.Document);
                break;
            case ResponsesMember.Tools:
                Leaves(kind.Type == "additional_tools" ? ResponsesPlaces.Tools : ResponsesPlaces.ListedTools);
                break;
            case ResponsesMember.Reason:
                Leaves(ResponsesPlaces.Reason);
                break;
            case ResponsesMember.Namespace when kind.IsNamedCall:
                // The name may follow in a later event; the namespace is in this one.
                Leaves(ResponsesPlaces.Arguments);
                break;
            default:
                Unknown(TextPlaces.Other, 0);
                break;
        }
    }

    private void Arguments(ResponsesItemKind kind)
    {
        if (IsString)
        {
            _sink.ToolArguments(Here, kind.IsText);
            return;
        }

        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        _sink.ToolInput(_json[start..(int)_reader.BytesConsumed], start);
    }

    /// <summary>What a tool is to do, where that is an object: its type is of the format's vocabulary, the sources of a search are not the model's.</summary>
    private void Action()
    {
        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            switch (member)
            {
                case ResponsesMember.Type when IsString:
                    Leaves(TextPlaces.Metadata);
                    break;
                case ResponsesMember.Sources:
                    Leaves(TextPlaces.Document);
                    break;
                default:
                    Unknown(ResponsesPlaces.Arguments, 0);
                    break;
            }
        }
    }

    private readonly ToolStart Start(int index, ResponsesItemKind kind)
    {
        var call = JsonMembers.FindString(_reader, "call_id"u8);
        return new ToolStart
        {
            Index = index,
            Id = call.IsEmpty ? JsonMembers.FindString(_reader, "id"u8) : call,
            Name = CallName(),
            ProviderSide = kind.IsProviderSide || (kind.Type == "tool_search_call" && !JsonMembers.FindString(_reader, "execution"u8).Is("client"u8)),
        };
    }

    // A policy knows a tool of a namespace by both names.
    private readonly JsonString CallName()
    {
        var name = JsonMembers.FindString(_reader, "name"u8);
        var space = JsonMembers.FindString(_reader, "namespace"u8);
        return space.IsEmpty || name.IsEmpty
            ? name
            : new JsonString(Qualified(space, name), space.Escaped || name.Escaped, name.TokenStart);
    }

    private static byte[] Qualified(JsonString space, JsonString name) => [.. space.Raw, (byte)'.', .. name.Raw];

    private readonly string ImpliedArguments(ResponsesItemKind kind)
    {
        var member = kind.Call switch
        {
            ResponsesMember.Queries => "queries",
            ResponsesMember.Code => "code",
            ResponsesMember.RevisedPrompt => "revised_prompt",
            ResponsesMember.Operation => "operation",
            ResponsesMember.Arguments => "arguments",
            _ => JsonMembers.TryFind(_reader, "action"u8, out _) ? "action" : "actions",
        };
        if (!JsonMembers.TryFind(_reader, Encoding.ASCII.GetBytes(member), out var value) || value.TokenType == JsonTokenType.Null)
        {
            return "{}";
        }

        var json = kind.Call == ResponsesMember.Action && JsonMembers.TryFind(value, "sources"u8, out _) ? WithoutSources(value) : Raw(value);
        return kind.IsWrapped ? $"{{\"{member}\":{json}}}" : json;
    }

    // They are what a search has found, not what it was asked.
    private readonly string WithoutSources(Utf8JsonReader action)
    {
        var json = new StringBuilder("{");
        while (action.Read() && action.TokenType == JsonTokenType.PropertyName)
        {
            var isSources = action.ValueTextEquals("sources"u8);
            var name = Encoding.UTF8.GetString(action.ValueSpan);
            action.Read();
            if (!isSources)
            {
                json.Append(json.Length > 1 ? "," : "").Append('"').Append(name).Append("\":").Append(Raw(action));
            }

            action.Skip();
        }

        return json.Append('}').ToString();
    }

    private readonly string Raw(Utf8JsonReader value)
    {
        var start = (int)value.TokenStartIndex;
        value.Skip();
        return Encoding.UTF8.GetString(_json[start..(int)value.BytesConsumed]);
    }

    private readonly void DeclareServerTools()
    {
        var label = JsonMembers.FindString(_reader, "server_label"u8).ToString();
        if (_items is null && JsonMembers.TryFind(_reader, "tools"u8, out var tools))
        {
            DeclareEach(tools, $"mcp:{label}/");
        }
    }

    private readonly void DeclareTools()
    {
        if (_items is null)
        {
            DeclareEach(_reader, "");
        }
    }

    private readonly void DeclareEach(Utf8JsonReader tools, string prefix)
    {
        while (tools.TokenType is JsonTokenType.StartArray or JsonTokenType.EndObject && tools.Read() && tools.TokenType == JsonTokenType.StartObject)
        {
            var name = JsonMembers.FindString(tools, "name"u8);
            if (!name.IsEmpty)
            {
                _sink.DeclareTool(prefix + name.ToString(), isProviderSide: prefix.Length > 0);
            }
            else if (prefix.Length == 0)
            {
                var label = JsonMembers.FindString(tools, "server_label"u8);
                var type = JsonMembers.FindString(tools, "type"u8).ToString();
                _sink.DeclareTool(label.IsEmpty ? type : $"{type}:{label.ToString()}", isProviderSide: true);
            }

            tools.Skip();
        }
    }
}
