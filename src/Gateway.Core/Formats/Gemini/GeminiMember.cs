using Gateway.Core.Formats.Json;

namespace Gateway.Core.Formats.Gemini;

/// <summary>The members of answers that the walker treats in their own way. Fewer than 64: one bit each.</summary>
internal enum GeminiMember : byte
{
    Unknown,
    Candidates,
    PromptFeedback,
    UsageMetadata,
    ModelVersion,
    ResponseId,
    Error,
    CreateTime,
    Content,
    FinishReason,
    FinishMessage,
    Index,
    SafetyRatings,
    CitationMetadata,
    GroundingMetadata,
    GroundingAttributions,
    UrlContextMetadata,
    LogprobsResult,
    ContinuationToken,
    Role,
    Parts,
    Text,
    Thought,
    ThoughtSignature,
    FunctionCall,
    FunctionResponse,
    ExecutableCode,
    CodeExecutionResult,
    InlineData,
    FileData,
    ToolCall,
    ToolResponse,
    AudioTranscription,
    MediaResolution,
    Name,
    Id,
    Args,
    PartialArgs,
    WillContinue,
    Code,
    Language,
    Outcome,
    Output,
    MimeType,
    Data,
    DisplayName,
    ToolType,
    Response,
    GroundingSupports,
    Segment,
    ChosenCandidates,
    TopCandidates,
    Token,
    BlockReason,
    BlockReasonMessage,
}

/// <summary>Finds the member that a name means; both spellings of a field mean the same one.</summary>
internal static class GeminiMembers
{
    private static readonly string[] s_names = [.. Enum.GetNames<GeminiMember>().Skip(1).Select(name => char.ToLowerInvariant(name[0]) + name[1..])];
    private static readonly NameTable s_camel = new(s_names);
    private static readonly ProtoNames s_proto = new(s_names);

    /// <summary>The member of the name <paramref name="inner"/>, unescaped.</summary>
    public static GeminiMember Of(ReadOnlySpan<byte> inner)
    {
        var index = s_camel.Find(inner);
        return (GeminiMember)((index < 0 ? s_proto.Find(inner) : index) + 1);
    }

    /// <summary>Whether <paramref name="inner"/> is a member's name but for case and underscores.</summary>
    public static bool IsVariant(ReadOnlySpan<byte> inner) => s_proto.HasVariant(inner);
}
