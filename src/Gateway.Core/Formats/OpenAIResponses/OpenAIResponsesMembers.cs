using System.Text.Json;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>The members of answers and events that the walker treats in their own way. Fewer than 64: one bit each.</summary>
internal enum ResponsesMember : byte
{
    Unknown,
    Type,
    Id,
    ItemId,
    OutputIndex,
    ContentIndex,
    SummaryIndex,
    SequenceNumber,
    Delta,
    Text,
    Refusal,
    Arguments,
    Input,
    Code,
    Name,
    Namespace,
    CallId,
    Status,
    Role,
    Item,
    Part,
    Response,
    Annotation,
    Annotations,
    Logprobs,
    Obfuscation,
    Content,
    Summary,
    EncryptedContent,
    Output,
    Outputs,
    Error,
    Action,
    Actions,
    Operation,
    Queries,
    Results,
    Result,
    RevisedPrompt,
    Tools,
    Model,
    Instructions,
    Usage,
    IncompleteDetails,
    Token,
    TopLogprobs,
    Logprob,
    Bytes,
    Object,
    CreatedAt,
    Reason,
    Command,
    PartialImage,
    PendingChecks,
    AcknowledgedChecks,
    Sources,
    Phase,
    Caller,
    ServerLabel,
}

/// <summary>Finds the member a JSON property name means. Names are matched exactly, after unescaping.</summary>
internal static class ResponsesMembers
{
    private const int LongestName = 32;

    private static readonly NameTable Names = new(
    [
        "type", "id", "item_id", "output_index", "content_index", "summary_index", "sequence_number", "delta", "text", "refusal", "arguments", "input",
        "code", "name", "namespace", "call_id", "status", "role", "item", "part", "response", "annotation", "annotations", "logprobs", "obfuscation",
        "content", "summary", "encrypted_content", "output", "outputs", "error", "action", "actions", "operation", "queries", "results", "result",
        "revised_prompt", "tools", "model", "instructions", "usage", "incomplete_details", "token", "top_logprobs", "logprob", "bytes", "object",
        "created_at", "reason", "command", "partial_image_b64", "pending_safety_checks", "acknowledged_safety_checks", "sources", "phase", "caller",
        "server_label",
    ]);

    /// <summary>The member that <paramref name="reader"/> stands on.</summary>
    public static ResponsesMember Of(ref readonly Utf8JsonReader reader) => reader.ValueIsEscaped ? OfEscaped(in reader) : Of(reader.ValueSpan);

    private static ResponsesMember OfEscaped(ref readonly Utf8JsonReader reader)
    {
        Span<byte> name = stackalloc byte[LongestName * 6];
        return reader.ValueSpan.Length <= name.Length ? Of(name[..reader.CopyString(name)]) : ResponsesMember.Unknown;
    }

    // The names stand in the order of the members, without the first.
    private static ResponsesMember Of(ReadOnlySpan<byte> name) => (ResponsesMember)(Names.Find(name) + 1);
}
