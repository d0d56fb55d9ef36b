using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Json;

/// <summary>What a <see cref="Shape"/> accepts.</summary>
internal enum ShapeKind : byte
{
    /// <summary>A string that is a segment.</summary>
    Text,

    /// <summary>A string of a closed vocabulary: no segment when it is one of the words, a segment otherwise.</summary>
    Word,

    /// <summary>A string that holds JSON: one segment for the whole, one for each string and name inside.</summary>
    JsonText,

    /// <summary>The member that selects a case of <see cref="Tagged"/>; checked there.</summary>
    Tag,

    /// <summary>An integer from 0 to 2^53.</summary>
    Integer,

    /// <summary>Any number.</summary>
    Number,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>An object with known members.</summary>
    Object,

    /// <summary>An array of one kind of item.</summary>
    Array,

    /// <summary>An object whose shape is selected by one of its members.</summary>
    Tagged,

    /// <summary>One of several shapes, by JSON type.</summary>
    Either,

    /// <summary>Anything: every string and every name is a segment.</summary>
    Any,

    /// <summary>A JSON Schema: as <see cref="Any"/>, without the schema language's own words.</summary>
    Schema,

    /// <summary>Refused with unknown_field, unless the policy tolerates the shape's capability.</summary>
    Refused,
}

/// <summary>
/// Called after a value was accepted, with its token. Returns null, or one of <see cref="RequestFaultReasons"/> to refuse the body.
/// </summary>
internal delegate string? ShapeHandler(ref ShapeWalker walker, int token);

/// <summary>A known member of an object.</summary>
internal sealed record ShapeField(string Name, Shape Shape, bool Required);

/// <summary>
/// The declarative description of a JSON value: which types it may have and what its strings are. One tree describes one wire format; the
/// walker, and any table of what the gateway reads, come from it. Immutable, built once, shared. Made by <see cref="Shapes"/>.
/// </summary>
internal sealed record Shape
{
    /// <summary>What is accepted.</summary>
    public required ShapeKind Kind { get; init; }

    /// <summary>Surface of the strings.</summary>
    public Surface Surface { get; init; } = Surface.Metadata;

    /// <summary>Who wrote them.</summary>
    public Trust Trust { get; init; } = Trust.Metadata;

    /// <summary>Flags of the segments. <see cref="SegmentFlags.Binary"/> is set only on text that can be base64.</summary>
    public SegmentFlags Flags { get; init; }

    /// <summary>What is done with an accepted value.</summary>
    public ShapeHandler? Handler { get; init; }

    /// <summary>What the presence of the value asks for, when that is something the gateway cannot look into.</summary>
    public Capability? Capability { get; init; }

    /// <summary>
    /// What some values ask for, as the handler finds out. A handler that marks anything else is a mistake in the table and is thrown at: the
    /// coverage matrix is computed from this list.
    /// </summary>
    public IReadOnlyList<Capability> Marks { get; init; } = [];

    /// <summary>The name of a tool that the provider executes, where the capability has settings by name.</summary>
    public string? CapabilityName { get; init; }

    /// <summary>Known members of an <see cref="ShapeKind.Object"/>.</summary>
    public FieldTable? Fields { get; init; }

    /// <summary>Shape of the members that no field names; an <see cref="ShapeKind.Any"/>.</summary>
    public Shape? Rest { get; init; }

    /// <summary>A member of an <see cref="ShapeKind.Object"/> that, where it is true, makes the object have the shape <see cref="OnFlag"/>.</summary>
    public byte[]? Flag { get; init; }

    /// <summary>The shape of an object whose <see cref="Flag"/> is true.</summary>
    public Shape? OnFlag { get; init; }

    /// <summary>True for the body itself: the names of unknown members are reported.</summary>
    public bool IsRoot { get; init; }

    /// <summary>Item of an <see cref="ShapeKind.Array"/>; how a tolerated <see cref="ShapeKind.Refused"/> is read, null: every string of it.</summary>
    public Shape? Item { get; init; }

    /// <summary>The items are messages: each is a group of its own.</summary>
    public bool IsMessages { get; init; }

    /// <summary>Group of the segments below, when it differs from the enclosing one.</summary>
    public int? Group { get; init; }

    /// <summary>Cases of a <see cref="ShapeKind.Tagged"/>.</summary>
    public TagTable? Tags { get; init; }

    /// <summary>Words of a <see cref="ShapeKind.Word"/>.</summary>
    public NameTable? Words { get; init; }

    /// <summary>How a handler of the object around it reads a <see cref="ShapeKind.Tag"/>, for whoever walks the table.</summary>
    public IReadOnlyList<Shape> ReadAs { get; init; } = [];

    /// <summary>Shape of a string in an <see cref="ShapeKind.Either"/>.</summary>
    public Shape? OnString { get; init; }

    /// <summary>Shape of an array in an <see cref="ShapeKind.Either"/>.</summary>
    public Shape? OnArray { get; init; }

    /// <summary>Shape of an array that begins with a number in an <see cref="ShapeKind.Either"/>; null: it is an array like any other.</summary>
    public Shape? OnNumbers { get; init; }

    /// <summary>Shape of an object in an <see cref="ShapeKind.Either"/>.</summary>
    public Shape? OnObject { get; init; }

    /// <summary>Why a <see cref="ShapeKind.Refused"/> member is refused.</summary>
    public string? Explanation { get; init; }

    /// <summary>The same shape with a handler, and the capabilities that the handler marks for some values.</summary>
    public Shape Then(ShapeHandler handler, params IReadOnlyList<Capability> marks) => this with { Handler = handler, Marks = marks };

    /// <summary>The same shape; each value of it is a use of <paramref name="capability"/>.</summary>
    public Shape Uses(Capability capability, string? name = null) => this with { Capability = capability, CapabilityName = name };

    /// <summary>The same shape, with its segments in <paramref name="group"/>.</summary>
    public Shape InGroup(int group) => this with { Group = group };
}

/// <summary>The known members of an object.</summary>
internal sealed class FieldTable
{
    private readonly NameTable _names;
    private readonly ProtoNames? _proto;

    /// <summary>Builds the table.</summary>
    /// <param name="fields">The members.</param>
    /// <param name="isProto">Each member has two spellings, as protocol buffers spell it in JSON.</param>
    /// <exception cref="ArgumentException">A member is described twice: one of the two would never apply.</exception>
    public FieldTable(IReadOnlyList<ShapeField> fields, bool isProto = false)
    {
        if (fields.DistinctBy(field => field.Name).Count() != fields.Count)
        {
            throw new ArgumentException("A member is described twice.", nameof(fields));
        }

        Fields = fields;
        _names = new NameTable(fields.Select(field => field.Name));
        _proto = isProto ? new ProtoNames(fields.Select(field => field.Name)) : null;
        RequiredCount = fields.Count(field => field.Required);
    }

    /// <summary>The members, in the order of the description.</summary>
    public IReadOnlyList<ShapeField> Fields { get; }

    /// <summary>How many of them must be there.</summary>
    public int RequiredCount { get; }

    /// <summary>Whether each member has two spellings.</summary>
    public bool IsProto => _proto is not null;

    /// <summary>The member called <paramref name="name"/>, or null.</summary>
    public ShapeField? Find(ReadOnlySpan<byte> name)
    {
        var index = _names.Find(name);
        index = index < 0 && _proto is not null ? _proto.Find(name) : index;
        return index < 0 ? null : Fields[index];
    }

    /// <summary>Whether an unknown name differs from a known one only by case, or by underscores where a member has two spellings.</summary>
    public bool HasCaseVariant(ReadOnlySpan<byte> name) => _proto is null ? _names.HasCaseVariant(name) : _proto.HasVariant(name);
}

/// <summary>The cases of an object that says what it is in one of its members.</summary>
internal sealed class TagTable
{
    private readonly NameTable _names;
    private readonly Shape[] _shapes;
    private readonly (byte[] Prefix, Shape Shape)[] _dated;

    /// <summary>Builds the table. A case whose name ends in <c>_*</c> stands for that name followed by a date of eight digits.</summary>
    public TagTable(string member, string unknown, IReadOnlyList<(string Name, Shape Shape)> cases)
    {
        Member = member;
        MemberBytes = System.Text.Encoding.ASCII.GetBytes(member);
        UnknownReason = unknown;
        Cases = cases;
        var exact = cases.Where(entry => !entry.Name.EndsWith('*')).ToArray();
        _names = new NameTable(exact.Select(entry => entry.Name));
        _shapes = [.. exact.Select(entry => entry.Shape)];
        _dated = [.. cases.Where(entry => entry.Name.EndsWith('*')).Select(entry => (System.Text.Encoding.ASCII.GetBytes(entry.Name[..^1]), entry.Shape))];
    }

    /// <summary>The member that selects.</summary>
    public string Member { get; }

    /// <summary>The same in bytes.</summary>
    public byte[] MemberBytes { get; }

    /// <summary>Reason given for a value that is no case.</summary>
    public string UnknownReason { get; }

    /// <summary>All cases.</summary>
    public IReadOnlyList<(string Name, Shape Shape)> Cases { get; }

    /// <summary>The shape when the member is absent or null; null: it must be there.</summary>
    public Shape? Absent { get; init; }

    /// <summary>The shape for a value that is no case; null: refused.</summary>
    public Shape? Otherwise { get; init; }

    /// <summary>How an object of an unknown type is read when the policy tolerates it; null: every string of it.</summary>
    public Shape? Unknown { get; init; }

    /// <summary>
    /// Whether <paramref name="tag"/> differs from a case only by letter case. A server that ignores case takes it for that case, so it is never
    /// tolerated as an unknown type: the settings of the known one would not apply.
    /// </summary>
    public bool HasCaseVariant(ReadOnlySpan<byte> tag)
    {
        if (_names.HasCaseVariant(tag))
        {
            return true;
        }

        foreach (var (prefix, _) in _dated)
        {
            if (tag.Length > prefix.Length && System.Text.Ascii.EqualsIgnoreCase(tag[..prefix.Length], prefix))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same table with another shape for what it does not know.</summary>
    public TagTable WithUnknown(Shape unknown) => new(Member, UnknownReason, Cases) { Absent = Absent, Otherwise = Otherwise, Unknown = unknown };

    /// <summary>The shape for <paramref name="tag"/>, or null.</summary>
    public Shape? Find(ReadOnlySpan<byte> tag)
    {
        var index = _names.Find(tag);
        if (index >= 0)
        {
            return _shapes[index];
        }

        foreach (var (prefix, shape) in _dated)
        {
            if (tag.Length == prefix.Length + 8 && tag.StartsWith(prefix) && !tag[prefix.Length..].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            {
                return shape;
            }
        }

        return Otherwise;
    }
}
