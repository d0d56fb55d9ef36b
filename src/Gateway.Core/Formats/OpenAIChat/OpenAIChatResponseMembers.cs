using System.Text.Json;

namespace Gateway.Core.Formats.OpenAIChat;

/// <summary>The members of answers and chunks that the walker treats in their own way. Fewer than 64: one bit each.</summary>
internal enum ChatMember : byte
{
    Unknown,
    Id,
    Object,
    Created,
    Model,
    Choices,
    Usage,
    Error,
    ServiceTier,
    SystemFingerprint,
    Index,
    Delta,
    Message,
    FinishReason,
    Logprobs,
    Envelope,
    Role,
    Content,
    Refusal,
    ReasoningContent,
    Reasoning,
    ReasoningDetails,
    Thinking,
    ToolCalls,
    FunctionCall,
    Annotations,
    Context,
    Audio,
    Type,
    Function,
    Custom,
    Name,
    Arguments,
    Input,
    Text,
    Summary,
    Data,
    Signature,
    Transcript,
    Token,
    TopLogprobs,
    Logprob,
    Bytes,
    Code,
}

/// <summary>Finds the member a JSON property name means. Names are matched exactly, after unescaping.</summary>
internal static class ChatMembers
{
    private const int LongestName = 24;

    /// <summary>The member that <paramref name="reader"/> stands on.</summary>
    public static ChatMember Of(ref readonly Utf8JsonReader reader) => reader.ValueIsEscaped ? OfEscaped(in reader) : Of(reader.ValueSpan);

    private static ChatMember OfEscaped(ref readonly Utf8JsonReader reader)
    {
        Span<byte> name = stackalloc byte[LongestName * 6];
        return reader.ValueSpan.Length <= name.Length ? Of(name[..reader.CopyString(name)]) : ChatMember.Unknown;
    }

    private static ChatMember Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 => name.SequenceEqual("id"u8) ? ChatMember.Id : ChatMember.Unknown,
        4 => OfFour(name),
        5 => OfFive(name),
        6 => OfSix(name),
        7 => OfSeven(name),
        8 => OfEight(name),
        9 => name.SequenceEqual("reasoning"u8) ? ChatMember.Reasoning
            : name.SequenceEqual("arguments"u8) ? ChatMember.Arguments
            : name.SequenceEqual("signature"u8) ? ChatMember.Signature : ChatMember.Unknown,
        10 => name.SequenceEqual("tool_calls"u8) ? ChatMember.ToolCalls
            : name.SequenceEqual("transcript"u8) ? ChatMember.Transcript : ChatMember.Unknown,
        11 => name.SequenceEqual("annotations"u8) ? ChatMember.Annotations : ChatMember.Unknown,
        _ => OfLong(name),
    };

    private static ChatMember OfFour(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("role"u8) ? ChatMember.Role
        : name.SequenceEqual("type"u8) ? ChatMember.Type
        : name.SequenceEqual("name"u8) ? ChatMember.Name
        : name.SequenceEqual("text"u8) ? ChatMember.Text
        : name.SequenceEqual("data"u8) ? ChatMember.Data
        : name.SequenceEqual("code"u8) ? ChatMember.Code : ChatMember.Unknown;

    private static ChatMember OfFive(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("model"u8) ? ChatMember.Model
        : name.SequenceEqual("index"u8) ? ChatMember.Index
        : name.SequenceEqual("delta"u8) ? ChatMember.Delta
        : name.SequenceEqual("usage"u8) ? ChatMember.Usage
        : name.SequenceEqual("error"u8) ? ChatMember.Error
        : name.SequenceEqual("audio"u8) ? ChatMember.Audio
        : name.SequenceEqual("input"u8) ? ChatMember.Input
        : name.SequenceEqual("token"u8) ? ChatMember.Token
        : name.SequenceEqual("bytes"u8) ? ChatMember.Bytes : ChatMember.Unknown;

    private static ChatMember OfSix(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("object"u8) ? ChatMember.Object
        : name.SequenceEqual("custom"u8) ? ChatMember.Custom : ChatMember.Unknown;

    private static ChatMember OfSeven(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("content"u8) ? ChatMember.Content
        : name.SequenceEqual("choices"u8) ? ChatMember.Choices
        : name.SequenceEqual("created"u8) ? ChatMember.Created
        : name.SequenceEqual("message"u8) ? ChatMember.Message
        : name.SequenceEqual("refusal"u8) ? ChatMember.Refusal
        : name.SequenceEqual("context"u8) ? ChatMember.Context
        : name.SequenceEqual("logprob"u8) ? ChatMember.Logprob
        : name.SequenceEqual("summary"u8) ? ChatMember.Summary : ChatMember.Unknown;

    private static ChatMember OfEight(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("logprobs"u8) ? ChatMember.Logprobs
        : name.SequenceEqual("function"u8) ? ChatMember.Function
        : name.SequenceEqual("thinking"u8) ? ChatMember.Thinking : ChatMember.Unknown;

    private static ChatMember OfLong(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("finish_reason"u8) ? ChatMember.FinishReason
        : name.SequenceEqual("system_fingerprint"u8) ? ChatMember.SystemFingerprint
        : name.SequenceEqual("service_tier"u8) ? ChatMember.ServiceTier
        : name.SequenceEqual("reasoning_content"u8) ? ChatMember.ReasoningContent
        : name.SequenceEqual("reasoning_details"u8) ? ChatMember.ReasoningDetails
        : name.SequenceEqual("function_call"u8) ? ChatMember.FunctionCall
        : name.SequenceEqual("top_logprobs"u8) ? ChatMember.TopLogprobs
        : IsEnvelope(name) ? ChatMember.Envelope : ChatMember.Unknown;

    // Members of a choice that say something about it and are no part of the answer.
    private static bool IsEnvelope(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("content_filter_results"u8) || name.SequenceEqual("content_filter_offsets"u8)
        || name.SequenceEqual("native_finish_reason"u8);
}
