using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Json;

/// <summary>The part of the walker that reads what no table knows, where the policy tolerates it, and marks what cannot be looked into.</summary>
internal ref partial struct ShapeWalker
{
    /// <summary>How what no table knows is read: every string and name is third-party text.</summary>
    public static Shape Anything { get; } = Shapes.Any(Surface.Document, Trust.ThirdParty);

    public static Shape UnknownPart { get; } = Anything.Uses(Capability.UnknownPart);

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

    /// <summary>The first use from <paramref name="before"/> on that the table does not announce would be missing in the coverage matrix.</summary>
    private readonly void CheckMarks(Shape shape, int before)
    {
        for (var i = before; i < Request?.Uses.Count; i++)
        {
            if (!shape.Marks.Contains(Request.Uses[i].Capability))
            {
                throw new InvalidOperationException("A handler marks a capability that its shape does not announce.");
            }
        }
    }

    private readonly bool Tolerates(Shape shape) =>
        shape.Capability is { } capability && Request is { } request && request.Tolerates.Has(capability);

    private bool WalkTolerated(int token, Shape shape) => Walk(token, shape.Item ?? Anything);

    private bool UnknownCase(int token, int tag, TagTable tags, ReadOnlySpan<byte> word)
    {
        var isType = tags.UnknownReason == RequestFaultReasons.UnknownType && !tags.HasCaseVariant(word);
        if (isType && Request is { } request && request.Tolerates.Has(Capability.UnknownPart))
        {
            return Walk(token, tags.Unknown ?? UnknownPart);
        }

        return Refuse(tags.UnknownReason, tag, message: null, isType ? Capability.UnknownPart : null);
    }
}
