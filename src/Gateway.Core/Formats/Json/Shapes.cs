using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Json;

/// <summary>The words in which a wire format is described.</summary>
internal static class Shapes
{
    /// <summary>A string or number nobody judges as prose: ids, names, options. Still a segment.</summary>
    public static Shape Meta { get; } = Text(Surface.Metadata, Trust.Metadata);

    /// <summary>Anything, as metadata.</summary>
    public static Shape AnyMeta { get; } = Any(Surface.Metadata, Trust.Metadata);

    /// <summary>An integer from 0 to 2^53.</summary>
    public static Shape Integer { get; } = new() { Kind = ShapeKind.Integer };

    /// <summary>Any number.</summary>
    public static Shape Number { get; } = new() { Kind = ShapeKind.Number };

    /// <summary>true or false.</summary>
    public static Shape Flag { get; } = new() { Kind = ShapeKind.Boolean };

    /// <summary>A JSON Schema that reaches the model.</summary>
    public static Shape Schema { get; } = new() { Kind = ShapeKind.Schema, Surface = Surface.ToolDefinition, Trust = Trust.ToolDefinition };

    /// <summary>A string.</summary>
    public static Shape Text(Surface surface, Trust trust, SegmentFlags flags = SegmentFlags.None) =>
        new() { Kind = ShapeKind.Text, Surface = surface, Trust = trust, Flags = flags };

    /// <summary>A string that holds JSON.</summary>
    public static Shape JsonText(Surface surface, Trust trust) => new() { Kind = ShapeKind.JsonText, Surface = surface, Trust = trust };

    /// <summary>A string of a closed vocabulary.</summary>
    public static Shape Word(params string[] words) => new() { Kind = ShapeKind.Word, Words = new NameTable(words) };

    /// <summary>Anything; strings and names are segments.</summary>
    public static Shape Any(Surface surface, Trust trust, SegmentFlags flags = SegmentFlags.None) =>
        new() { Kind = ShapeKind.Any, Surface = surface, Trust = trust, Flags = flags };

    /// <summary>An array.</summary>
    public static Shape Array(Shape item) => new() { Kind = ShapeKind.Array, Item = item };

    /// <summary>The array of messages.</summary>
    public static Shape Messages(Shape item) => new() { Kind = ShapeKind.Array, Item = item, IsMessages = true };

    /// <summary>One of several shapes, by JSON type; a type without shape is refused. <paramref name="numbers"/>: an array that begins with a number.</summary>
    public static Shape Either(Shape? text = null, Shape? array = null, Shape? obj = null, Shape? numbers = null) =>
        new() { Kind = ShapeKind.Either, OnString = text, OnArray = array, OnObject = obj, OnNumbers = numbers };

    /// <summary>A member that is refused.</summary>
    public static Shape Refused(string explanation) => new() { Kind = ShapeKind.Refused, Explanation = explanation };

    /// <summary>
    /// A member or type that is refused unless the policy tolerates <paramref name="capability"/>; then it has the shape
    /// <paramref name="inner"/>, or every string of it is third-party text.
    /// </summary>
    public static Shape Gated(Capability capability, string explanation, Shape? inner = null) =>
        new() { Kind = ShapeKind.Refused, Explanation = explanation, Capability = capability, Item = inner };

    /// <summary>true or false; true is a use of <paramref name="capability"/>.</summary>
    public static Shape Switch(Capability capability) => Flag.Then((ref ShapeWalker walker, int token) =>
    {
        if (walker.View[token].Kind == JsonKind.True)
        {
            walker.Use(capability, token);
        }

        return null;
    }, capability);

    /// <summary>A known member that may be absent or null.</summary>
    public static ShapeField Field(string name, Shape shape) => new(name, shape, Required: false);

    /// <summary>A known member that must be there.</summary>
    public static ShapeField Needed(string name, Shape shape) => new(name, shape, Required: true);

    /// <summary>An object; members that no field names are metadata.</summary>
    public static Shape Object(params IEnumerable<ShapeField> fields) => Object(AnyMeta, fields);

    /// <summary>An object; members that no field names have the shape <paramref name="rest"/>.</summary>
    public static Shape Object(Shape rest, IEnumerable<ShapeField> fields) =>
        new() { Kind = ShapeKind.Object, Fields = new FieldTable([.. fields]), Rest = rest };

    /// <summary>A message of protocol buffers: each member may be spelled in <c>lowerCamelCase</c>, as given here, or in <c>snake_case</c>, not both.</summary>
    public static Shape ProtoObject(Shape rest, IEnumerable<ShapeField> fields) =>
        new() { Kind = ShapeKind.Object, Fields = new FieldTable([.. fields], isProto: true), Rest = rest };

    /// <summary>The same; members that no field names are metadata.</summary>
    public static Shape ProtoObject(params IEnumerable<ShapeField> fields) => ProtoObject(AnyMeta, fields);

    /// <summary>A repeated field of protocol buffers, which may also be given as its only item.</summary>
    public static Shape Repeated(Shape item) => Either(text: item, array: Array(item), obj: item);

    /// <summary>The object <paramref name="otherwise"/>, or <paramref name="flagged"/> where its member <paramref name="flag"/> is true.</summary>
    public static Shape ByFlag(string flag, Shape flagged, Shape otherwise) =>
        otherwise with { Flag = System.Text.Encoding.ASCII.GetBytes(flag), OnFlag = flagged };

    /// <summary>The body.</summary>
    public static Shape Root(params IEnumerable<ShapeField> fields) => Object(AnyMeta, fields) with { IsRoot = true };

    /// <summary>
    /// An object whose member <c>type</c> selects its shape. <paramref name="absent"/> is the shape without that member,
    /// <paramref name="otherwise"/> that for a value which is no case; where they are null the body is refused.
    /// </summary>
    public static Shape ByType(IReadOnlyList<(string Name, Shape Shape)> cases, Shape? absent = null, Shape? otherwise = null) =>
        Tagged("type", RequestFaultReasons.UnknownType, cases, absent, otherwise);

    /// <summary>The same for declarations of tools: one of an unknown type that the policy tolerates is declared under its type.</summary>
    public static Shape ToolsByType(IReadOnlyList<(string Name, Shape Shape)> cases, Shape? absent = null)
    {
        var shape = ByType(cases, absent);
        return shape with { Tags = shape.Tags!.WithUnknown(RequestReader.UnknownTool) };
    }

    /// <summary>An object whose member <c>role</c> selects its shape.</summary>
    public static Shape ByRole(params (string Name, Shape Shape)[] cases) => Tagged("role", RequestFaultReasons.UnknownRole, cases, null, null);

    /// <summary>The same; <paramref name="absent"/> is the shape without that member.</summary>
    public static Shape ByRole(Shape absent, IReadOnlyList<(string Name, Shape Shape)> cases) =>
        Tagged("role", RequestFaultReasons.UnknownRole, cases, absent, null);

    private static Shape Tagged(string member, string unknown, IReadOnlyList<(string Name, Shape Shape)> cases, Shape? absent, Shape? otherwise) => new()
    {
        Kind = ShapeKind.Tagged,
        Tags = new TagTable(member, unknown, [.. cases.Select(entry => (entry.Name, WithTag(entry.Shape, member)))])
        {
            Absent = absent is null ? null : WithTag(absent, member),
            Otherwise = otherwise,
        },
    };

    private static Shape WithTag(Shape shape, string member)
    {
        if (shape is { Kind: ShapeKind.Refused, Item: { } inner })
        {
            return shape with { Item = WithTag(inner, member) };
        }

        var tag = new ShapeField(member, new Shape { Kind = ShapeKind.Tag }, Required: false);
        return shape.Fields is null ? shape : shape with { Fields = new FieldTable([tag, .. shape.Fields.Fields], shape.Fields.IsProto) };
    }
}
