namespace Gateway.Core.Exchanges;

/// <summary>Properties of a <see cref="Segment"/> that change how a guard reads it.</summary>
[Flags]
public enum SegmentFlags : byte
{
    /// <summary>Plain text.</summary>
    None = 0,

    /// <summary>The text is a property name, not a value.</summary>
    Key = 1,

    /// <summary>Base64 or a data URI of binary content.</summary>
    Binary = 2,

    /// <summary>Encrypted or signed by the provider; cannot be read and must not be changed.</summary>
    Opaque = 4,

    /// <summary>A string leaf found inside a JSON text that is itself a string value, for instance in <c>function.arguments</c>.</summary>
    Nested = 8,

    /// <summary>Belongs to a tool call that the provider has already executed: removing it would hide evidence.</summary>
    ProviderSide = 16,

    /// <summary>Decoded from base64 or percent-encoding: the text stands nowhere in the body as it is here, so nothing can be written back.</summary>
    Decoded = 32,
}

/// <summary>
/// A piece of text with provenance. <paramref name="TokenStart"/> is the byte offset, in the body, of the JSON token that carries the text
/// (so that a path can be computed when a finding needs one, and a later edit knows where to write). <paramref name="TextStart"/> and
/// <paramref name="TextLength"/> locate the unescaped text, in UTF-16 units, in the owner's text arena.
/// <paramref name="Group"/> numbers the message the segment belongs to: segments of one group and surface stand next to each other for the
/// model, so a guard must also read them joined. -1: belongs to no message.
/// </summary>
public readonly record struct Segment(
    Surface Surface,
    Trust Trust,
    SegmentFlags Flags,
    int Group,
    int TokenStart,
    int TextStart,
    int TextLength);
