using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Responses;

/// <summary>
/// The running texts of an answer. Texts that a client shows one after the other have one kind, so that a phrase cannot hide in the seam;
/// texts that may say the same thing twice in one frame have different ones, so that they do not break each other's phrases up.
/// </summary>
internal enum TextKind : byte
{
    /// <summary>Stands for itself.</summary>
    Whole,

    /// <summary>Repeats unchanged in every frame of a stream: reported when it changes.</summary>
    Envelope,

    /// <summary>Any text no table knows; told apart by the names on the way to it.</summary>
    Other,
    Prose,
    Refusal,
    ReasoningContent,
    Reasoning,
    ReasoningText,
    ReasoningSummary,
    Thinking,
    Signature,
    Transcript,
    AudioData,
    LogprobContent,
    LogprobRefusal,
    ToolCall,
}

/// <summary>What a text is and who wrote it.</summary>
internal readonly record struct TextPlace(TextKind Kind, Surface Surface, Trust Trust, SegmentFlags Flags = SegmentFlags.None)
{
    public bool IsWhole => Kind <= TextKind.Envelope;
}

/// <summary>The places that the formats' tables assign texts to.</summary>
internal static class TextPlaces
{
    public static readonly TextPlace Metadata = new(TextKind.Whole, Surface.Metadata, Trust.Metadata);
    public static readonly TextPlace Key = new(TextKind.Whole, Surface.Metadata, Trust.Metadata, SegmentFlags.Key);
    public static readonly TextPlace Envelope = new(TextKind.Envelope, Surface.Metadata, Trust.Metadata);
    public static readonly TextPlace Other = new(TextKind.Other, Surface.Output, Trust.Model);
    public static readonly TextPlace Prose = new(TextKind.Prose, Surface.Output, Trust.Model);
    public static readonly TextPlace Refusal = new(TextKind.Refusal, Surface.Output, Trust.Model);
    public static readonly TextPlace Explanation = new(TextKind.Whole, Surface.Output, Trust.Model);
    public static readonly TextPlace ReasoningContent = new(TextKind.ReasoningContent, Surface.Reasoning, Trust.Model);
    public static readonly TextPlace Reasoning = new(TextKind.Reasoning, Surface.Reasoning, Trust.Model);
    public static readonly TextPlace ReasoningText = new(TextKind.ReasoningText, Surface.Reasoning, Trust.Model);
    public static readonly TextPlace ReasoningSummary = new(TextKind.ReasoningSummary, Surface.Reasoning, Trust.Model);
    public static readonly TextPlace Thinking = new(TextKind.Thinking, Surface.Reasoning, Trust.Model);
    public static readonly TextPlace Signature = new(TextKind.Signature, Surface.Reasoning, Trust.Model, SegmentFlags.Opaque);
    public static readonly TextPlace Redacted = new(TextKind.Whole, Surface.Reasoning, Trust.Model, SegmentFlags.Opaque);
    public static readonly TextPlace Transcript = new(TextKind.Transcript, Surface.Output, Trust.Model);
    public static readonly TextPlace AudioData = new(TextKind.AudioData, Surface.Output, Trust.Model, SegmentFlags.Binary);
    public static readonly TextPlace LogprobContent = new(TextKind.LogprobContent, Surface.Output, Trust.Model);
    public static readonly TextPlace LogprobRefusal = new(TextKind.LogprobRefusal, Surface.Output, Trust.Model);
    public static readonly TextPlace Alternative = new(TextKind.Whole, Surface.Output, Trust.Model);
    public static readonly TextPlace Document = new(TextKind.Whole, Surface.Document, Trust.ThirdParty);
    public static readonly TextPlace ModelNote = new(TextKind.Whole, Surface.Metadata, Trust.Model);
    public static readonly TextPlace Media = new(TextKind.Whole, Surface.Output, Trust.Model, SegmentFlags.Binary);
    public static readonly TextPlace DecodedMedia = new(TextKind.Whole, Surface.Output, Trust.Model, SegmentFlags.Decoded);
    public static readonly TextPlace Arguments = new(TextKind.Whole, Surface.ToolArguments, Trust.Model);
    public static readonly TextPlace ToolResult = new(TextKind.Whole, Surface.ToolResult, Trust.ThirdParty);
}
