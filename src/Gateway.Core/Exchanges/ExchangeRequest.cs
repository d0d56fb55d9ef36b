using Gateway.Core.Formats;

namespace Gateway.Core.Exchanges;

/// <summary>A half-open byte range in a request body.</summary>
public readonly record struct ByteRange(int Start, int Length)
{
    /// <summary>One past the last byte.</summary>
    public int End => Start + Length;
}

/// <summary>
/// A request body that the strict reader accepted, with what guards and routing need of it. <see cref="Body"/> is the client's own bytes;
/// they stay valid until the exchange ends.
/// </summary>
public sealed class ExchangeRequest : IDisposable
{
    /// <summary>The bytes that the client sent.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The model that the request's path names; null where the body names it.</summary>
    public string? PathModel { get; init; }

    /// <summary>
    /// What the policy does not refuse. A reader refuses what it has no table for unless it stands here; then it reads every string of it.
    /// </summary>
    public CapabilitySet Tolerates { get; init; }

    /// <summary>The provider's betas that the client asks for by header, as it wrote them.</summary>
    public IReadOnlyList<string> Betas { get; init; } = [];

    /// <summary>Segments, tools and calls of the request.</summary>
    public MessageContent Content { get; } = new();

    /// <summary>The model the client asks for.</summary>
    public string Model { get; set; } = "";

    /// <summary>The JSON token of the model's value, quotes included; empty when the model stands elsewhere (in the path).</summary>
    public ByteRange ModelToken { get; set; }

    /// <summary>The models that the body names beside <see cref="Model"/>, wherever they stand; they reach the provider as written.</summary>
    public List<NamedModel> OtherModels { get; } = [];

    /// <summary>Further JSON tokens that repeat the model's name, quotes included, each with <see cref="ModelPrefix"/> before it.</summary>
    public List<ByteRange> ModelRepeats { get; } = [];

    /// <summary>What stands before the model's name in <see cref="ModelRepeats"/>, such as <c>models/</c>.</summary>
    public string ModelPrefix { get; set; } = "";

    /// <summary>True when the client asks for a stream.</summary>
    public bool Stream { get; set; }

    /// <summary>How the pieces of a streamed answer are told apart.</summary>
    public StreamFraming Framing { get; init; }

    /// <summary>The output limit the client asks for, in tokens.</summary>
    public long? MaxOutputTokens { get; set; }

    /// <summary>Number of answers asked for (<c>n</c>).</summary>
    public int ChoiceCount { get; set; } = 1;

    /// <summary>The end user the client names, if any.</summary>
    public string? EndUser { get; set; }

    /// <summary>Number of messages.</summary>
    public int MessageCount { get; set; }

    /// <summary>True when the client itself asked for usage in the stream.</summary>
    public bool ClientWantsStreamUsage { get; set; }

    /// <summary>What the request asks for that the gateway cannot look into.</summary>
    public List<CapabilityUse> Uses { get; } = [];

    /// <summary>Members at the top level whose name no table of the format knows.</summary>
    public List<string> UnknownMembers { get; } = [];

    /// <summary>
    /// Edits that make the body ask the provider for usage in the stream; empty when nothing is needed. Written by the format's reader,
    /// applied by the proxy together with the policy's own edits.
    /// </summary>
    public List<BodyEdit> UsageEdits { get; } = [];

    /// <summary>
    /// Edits that make the body say no to what a provider does unless it is told not to, where the policy denies that. Written by the format's reader,
    /// applied by the proxy where the policy is enforced; none overlaps one of <see cref="UsageEdits"/>.
    /// </summary>
    public List<BodyEdit> DenialEdits { get; } = [];

    /// <inheritdoc/>
    public void Dispose() => Content.Dispose();
}

/// <summary>A model that a body names. <paramref name="TokenStart"/> is the byte offset of its JSON token.</summary>
public readonly record struct NamedModel(string Name, int TokenStart);

/// <summary>Replace the bytes of <paramref name="Range"/> in a body by <paramref name="Replacement"/>; a range of length 0 inserts.</summary>
public readonly record struct BodyEdit(ByteRange Range, ReadOnlyMemory<byte> Replacement)
{
    /// <summary>Writes <paramref name="body"/> with <paramref name="edits"/> applied, everything else byte-identical.</summary>
    /// <exception cref="ArgumentException">Two edits overlap or stand outside the body.</exception>
    public static byte[] Apply(ReadOnlySpan<byte> body, IEnumerable<BodyEdit> edits)
    {
        var ordered = edits.OrderBy(edit => edit.Range.Start).ThenBy(edit => edit.Range.Length).ToArray();
        var result = new byte[body.Length + ordered.Sum(edit => edit.Replacement.Length - edit.Range.Length)];
        int read = 0, written = 0;
        foreach (var (range, replacement) in ordered)
        {
            if (range.Start < read || range.End > body.Length)
            {
                throw new ArgumentException("Edits overlap or stand outside the body.", nameof(edits));
            }

            body[read..range.Start].CopyTo(result.AsSpan(written));
            written += range.Start - read;
            replacement.Span.CopyTo(result.AsSpan(written));
            written += replacement.Length;
            read = range.End;
        }

        body[read..].CopyTo(result.AsSpan(written));
        return result;
    }
}
