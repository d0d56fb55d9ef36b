using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Json;

/// <summary>The part of the walker that reads what no table knows, where the policy tolerates it, and marks what cannot be looked into.</summary>
internal ref partial struct ShapeWalker
{
    /// <summary>How what no table knows is read: every string and name is third-party text.</summary>
    private static readonly Shape s_anything = Shapes.Any(Surface.Document, Trust.ThirdParty);

    private static readonly Shape s_unknownPart = s_anything.Uses(Capability.UnknownPart);

    /// <summary>
    /// Marks that the value at <paramref name="token"/> asks for something the gateway cannot look into. A tool that the provider executes is
    /// known by <paramref name="name"/>, or else by its type.
    /// </summary>
    public readonly void Use(Capability capability, int token, string? name = null)
    {
        if (capability == Capability.ProviderTool)
        {
            name ??= View.Text(View.Member(token, "type"u8));
        }

        Request?.Uses.Add(new CapabilityUse(capability, View[token].Start, name));
    }

    private readonly bool Tolerates(Shape shape) =>
        shape.Capability is { } capability && Request is { } request && request.Tolerates.Has(capability);

    private bool WalkTolerated(int token, Shape shape) => Walk(token, shape.Item ?? s_anything);

    private bool UnknownCase(int token, int tag, TagTable tags, ReadOnlySpan<byte> word)
    {
        var isType = tags.UnknownReason == RequestFaultReasons.UnknownType && !tags.HasCaseVariant(word);
        if (isType && Request is { } request && request.Tolerates.Has(Capability.UnknownPart))
        {
            return Walk(token, tags.Unknown ?? s_unknownPart);
        }

        return Refuse(tags.UnknownReason, tag, message: null, isType ? Capability.UnknownPart : null);
    }
}
