using System.Buffers;
using System.Text.Json;
using Gateway.Core.Formats.OpenAIChat;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>
/// Ends a Responses stream that the gateway cuts, after <paramref name="events"/> events that the client has seen: with an error, or by closing what
/// is open, saying in a refusal why, and ending as an answer that a filter has cut.
/// </summary>
internal sealed class OpenAIResponsesEnding(ResponseHead head, string text, int events, IBufferWriter<byte> output)
{
    private readonly int _events = events;
    private int _sequence = events;

    /// <summary>
    /// An error that every generation of the official SDKs raises: the newer ones only on the nested object, which the event as documented has not.
    /// The .NET client hands it on as one more update and raises nothing, so that a second event follows, which the others no longer read: a response
    /// whose status is none of the format's, on which it throws, showing the status.
    /// </summary>
    public void WriteError(in GatewayError error)
    {
        var said = error;
        Write("error", json =>
        {
            json.WriteString("code"u8, said.WireCode);
            json.WriteString("message"u8, text);
            json.WriteString("param"u8, said.Param);
            OpenAIChatErrors.WriteErrorMember(json, said);
        });
        Write("response.failed", json => WriteResponse(json, $"{said.WireCode}: {text}", text, static _ => { }));
    }

    /// <summary>Writes the end.</summary>
    public void WriteRefusal(bool isStarted, IReadOnlyList<ResponsesStreamItem> items)
    {
        if (!isStarted)
        {
            Write("response.created", json => WriteResponse(json, "in_progress", error: null, static _ => { }));
        }

        var seen = items.Where(item => item.AddedAt < _events).ToArray();
        var closed = new List<Action<Utf8JsonWriter>>(seen.Length + 1);
        var hasRefused = false;
        for (var index = 0; index < seen.Length; index++)
        {
            var item = seen[index];
            var isMessage = item.Kind.Type == "message";
            closed.Add(item.IsOpenAfter(_events) ? Close(item, index, withRefusal: isMessage && !hasRefused) : json => json.WriteRawValue(item.Done));
            hasRefused |= isMessage && item.IsOpenAfter(_events);
        }

        if (!hasRefused)
        {
            closed.Add(AddRefusal(seen.Length));
        }

        Write("response.incomplete", json => WriteResponse(json, OpenAIResponsesBody.Filtered, error: null, array => closed.ForEach(item => item(array))));
    }

    private void WriteResponse(Utf8JsonWriter json, string status, string? error, Action<Utf8JsonWriter> items)
    {
        json.WriteStartObject("response"u8);
        OpenAIResponsesBody.WriteMembers(json, head, status, error, items);
        json.WriteEndObject();
    }

    private Action<Utf8JsonWriter> AddRefusal(int index)
    {
        var id = $"msg_{head.Id}_{index}";
        Write("response.output_item.added", json =>
        {
            json.WriteNumber("output_index"u8, index);
            json.WritePropertyName("item"u8);
            OpenAIResponsesBody.WriteMessage(json, id, "in_progress", static _ => { });
        });
        WriteRefusalPart(id, index, 0);
        return Done(index, json => OpenAIResponsesBody.WriteMessage(json, id, "incomplete", content => OpenAIResponsesBody.WriteRefusalPart(content, text)));
    }

    private Action<Utf8JsonWriter> Close(ResponsesStreamItem item, int index, bool withRefusal)
    {
        var parts = item.Parts.Where(part => part.AddedAt < _events).OrderBy(part => part.Index).Select(part => new SeenPart(part, part.TextAfter(_events))).ToArray();
        foreach (var part in parts.Where(part => part.Part.ClosedAt >= _events))
        {
            ClosePart(item, index, part);
        }

        if (withRefusal)
        {
            WriteRefusalPart(item.Id, index, parts.Length == 0 ? 0 : parts.Max(part => part.Part.Index) + 1);
        }

        return Done(index, item.Kind.Type switch
        {
            "message" => json => OpenAIResponsesBody.WriteMessage(json, item.Id, "incomplete", content =>
            {
                WriteParts(content, parts);
                if (withRefusal)
                {
                    OpenAIResponsesBody.WriteRefusalPart(content, text);
                }
            }),
            "reasoning" => json => WriteReasoning(json, item.Id, parts),

            _ => json => WriteOpened(json, item),
        });
    }

    private void ClosePart(ResponsesStreamItem item, int index, SeenPart part)
    {
        var place = new PartEvent(item.Id, index, part.Part.Index, IsSummary: part.Part.Kind == TextKind.ReasoningSummary);
        if (part.Part.DoneAt >= _events)
        {
            Write($"response.{part.EventName}.done", json =>
            {
                place.Write(json);
                part.WriteText(json);
            });
        }

        Write(place.IsSummary ? "response.reasoning_summary_part.done" : "response.content_part.done", json =>
        {
            place.Write(json);
            json.WritePropertyName("part"u8);
            part.Write(json);
        });
    }

    private void WriteRefusalPart(string id, int index, int part)
    {
        var place = new PartEvent(id, index, part, IsSummary: false);
        WritePart("response.content_part.added", place, "");
        Write("response.refusal.delta", json =>
        {
            place.Write(json);
            json.WriteString("delta"u8, text);
        });
        Write("response.refusal.done", json =>
        {
            place.Write(json);
            json.WriteString("refusal"u8, text);
        });
        WritePart("response.content_part.done", place, text);
    }

    private void WritePart(string name, PartEvent place, string refusal) => Write(name, json =>
    {
        place.Write(json);
        json.WritePropertyName("part"u8);
        OpenAIResponsesBody.WriteRefusalPart(json, refusal);
    });

    private Action<Utf8JsonWriter> Done(int index, Action<Utf8JsonWriter> item)
    {
        Write("response.output_item.done", json =>
        {
            json.WriteNumber("output_index"u8, index);
            json.WritePropertyName("item"u8);
            item(json);
        });
        return item;
    }

    /// <summary>An item as the client has seen it opened, with what it has seen of a call's arguments.</summary>
    private void WriteOpened(Utf8JsonWriter json, ResponsesStreamItem item)
    {
        var call = item.Kind.Call == ResponsesMember.Input ? "input" : "arguments";
        using var opened = JsonDocument.Parse(item.Added);
        json.WriteStartObject();
        foreach (var member in opened.RootElement.EnumerateObject().Where(member => !item.Kind.IsNamedCall || member.Name != call))
        {
            member.WriteTo(json);
        }

        if (item.Kind.IsNamedCall)
        {
            json.WriteString(call, item.Arguments.TextAfter(_events));
        }

        json.WriteEndObject();
    }

    private static void WriteReasoning(Utf8JsonWriter json, string id, SeenPart[] parts)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("type"u8, "reasoning"u8);
        json.WriteStartArray("summary"u8);
        WriteParts(json, parts.Where(part => part.Part.Kind == TextKind.ReasoningSummary));
        json.WriteEndArray();
        if (Array.Exists(parts, part => part.Part.Kind != TextKind.ReasoningSummary))
        {
            json.WriteStartArray("content"u8);
            WriteParts(json, parts.Where(part => part.Part.Kind != TextKind.ReasoningSummary));
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter json, IEnumerable<SeenPart> parts)
    {
        foreach (var part in parts)
        {
            part.Write(json);
        }
    }

    private void Write(string name, Action<Utf8JsonWriter> members) =>
        SseFrameWriter.Write(output, System.Text.Encoding.ASCII.GetBytes(name), (name, sequence: _sequence++, members), static (json, state) =>
        {
            json.WriteString("type"u8, state.name);
            json.WriteNumber("sequence_number"u8, state.sequence);
            state.members(json);
        });

    /// <summary>The members that say which text an event is about.</summary>
    private sealed record PartEvent(string ItemId, int Index, int Part, bool IsSummary)
    {
        public void Write(Utf8JsonWriter json)
        {
            json.WriteString("item_id"u8, ItemId);
            json.WriteNumber("output_index"u8, Index);
            json.WriteNumber(IsSummary ? "summary_index"u8 : "content_index"u8, Part);
        }
    }

    /// <summary>A text as far as the client has seen it.</summary>
    private sealed record SeenPart(ResponsesStreamPart Part, string Text)
    {
        public string EventName => Part.Kind switch
        {
            TextKind.Refusal => "refusal",
            TextKind.ReasoningSummary => "reasoning_summary_text",
            TextKind.ReasoningText => "reasoning_text",
            _ => "output_text",
        };

        public string Member => Part.Kind == TextKind.Refusal ? "refusal" : "text";

        public void Write(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, Part.Kind switch
            {
                TextKind.Refusal => "refusal",
                TextKind.ReasoningSummary => "summary_text",
                TextKind.ReasoningText => "reasoning_text",
                _ => "output_text",
            });
            WriteText(json);
            if (Part.Kind == TextKind.Prose)
            {
                json.WriteStartArray("annotations"u8);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        public void WriteText(Utf8JsonWriter json)
        {
            json.WriteString(Member, Text);
            if (Part.Kind == TextKind.Prose)
            {
                json.WriteStartArray("logprobs"u8);
                json.WriteEndArray();
            }
        }
    }
}
