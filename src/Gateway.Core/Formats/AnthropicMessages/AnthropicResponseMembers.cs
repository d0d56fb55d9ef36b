using System.Text.Json;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>The members of answers and events that the walker treats in their own way. Fewer than 64: one bit each.</summary>
internal enum AnthropicMember : byte
{
    Unknown,
    Type,
    Id,
    Role,
    Model,
    Content,
    StopReason,
    StopSequence,
    StopDetails,
    Usage,
    Error,
    Message,
    Index,
    ContentBlock,
    Delta,
    Text,
    Citations,
    Citation,
    Thinking,
    Signature,
    Data,
    Name,
    Input,
    PartialJson,
    Explanation,
    Envelope,
}

/// <summary>Finds the member a JSON property name means. Names are matched exactly, after unescaping.</summary>
internal static class AnthropicMembers
{
    private const int LongestName = 16;

    /// <summary>The member that <paramref name="reader"/> stands on.</summary>
    public static AnthropicMember Of(ref readonly Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? OfEscaped(in reader) : Of(reader.ValueSpan);

    private static AnthropicMember OfEscaped(ref readonly Utf8JsonReader reader)
    {
        Span<byte> name = stackalloc byte[LongestName * 6];
        return reader.ValueSpan.Length <= name.Length ? Of(name[..reader.CopyString(name)]) : AnthropicMember.Unknown;
    }

    private static AnthropicMember Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 => name.SequenceEqual("id"u8) ? AnthropicMember.Id : AnthropicMember.Unknown,
        4 => OfFour(name),
        5 => OfFive(name),
        7 => name.SequenceEqual("content"u8) ? AnthropicMember.Content
            : name.SequenceEqual("message"u8) ? AnthropicMember.Message : AnthropicMember.Unknown,
        8 => name.SequenceEqual("thinking"u8) ? AnthropicMember.Thinking
            : name.SequenceEqual("citation"u8) ? AnthropicMember.Citation : AnthropicMember.Unknown,
        9 => name.SequenceEqual("signature"u8) ? AnthropicMember.Signature
            : name.SequenceEqual("citations"u8) ? AnthropicMember.Citations
            : name.SequenceEqual("container"u8) ? AnthropicMember.Envelope : AnthropicMember.Unknown,
        11 => name.SequenceEqual("stop_reason"u8) ? AnthropicMember.StopReason
            : name.SequenceEqual("explanation"u8) ? AnthropicMember.Explanation
            : name.SequenceEqual("tool_use_id"u8) ? AnthropicMember.Envelope : AnthropicMember.Unknown,
        _ => OfLong(name),
    };

    private static AnthropicMember OfFour(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("type"u8) ? AnthropicMember.Type
        : name.SequenceEqual("text"u8) ? AnthropicMember.Text
        : name.SequenceEqual("role"u8) ? AnthropicMember.Role
        : name.SequenceEqual("name"u8) ? AnthropicMember.Name
        : name.SequenceEqual("data"u8) ? AnthropicMember.Data : AnthropicMember.Unknown;

    private static AnthropicMember OfFive(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("index"u8) ? AnthropicMember.Index
        : name.SequenceEqual("delta"u8) ? AnthropicMember.Delta
        : name.SequenceEqual("usage"u8) ? AnthropicMember.Usage
        : name.SequenceEqual("model"u8) ? AnthropicMember.Model
        : name.SequenceEqual("input"u8) ? AnthropicMember.Input
        : name.SequenceEqual("error"u8) ? AnthropicMember.Error : AnthropicMember.Unknown;

    private static AnthropicMember OfLong(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("content_block"u8) ? AnthropicMember.ContentBlock
        : name.SequenceEqual("partial_json"u8) ? AnthropicMember.PartialJson
        : name.SequenceEqual("stop_sequence"u8) ? AnthropicMember.StopSequence
        : name.SequenceEqual("stop_details"u8) ? AnthropicMember.StopDetails
        : name.SequenceEqual("caller"u8) || name.SequenceEqual("request_id"u8) ? AnthropicMember.Envelope : AnthropicMember.Unknown;
}
