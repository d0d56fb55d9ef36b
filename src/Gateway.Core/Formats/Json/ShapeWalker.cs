using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Json;

/// <summary>
/// Walks the tokens of one body along a <see cref="Shape"/>: checks types, turns strings into segments, calls handlers. Each string of the
/// body either becomes a segment or was found equal to a word of the format's own vocabulary.
/// </summary>
internal ref partial struct ShapeWalker(JsonView view, MessageContent content, ExchangeRequest? request)
{
    // A list of names for a policy to judge, not a copy of the body.
    private const int MaxUnknownMembers = 64;

    private JsonTape? _nested;
    private int _group = -1;

    /// <summary>The group of segments that belong to no message but stand together for the model: a top-level system prompt.</summary>
    public const int StandaloneGroup = int.MaxValue;

    /// <summary>The tokens.</summary>
    public readonly JsonView View = view;

    /// <summary>Where segments go.</summary>
    public readonly MessageContent Content { get; } = content;

    /// <summary>The request being read; null for a response.</summary>
    public readonly ExchangeRequest? Request { get; } = request;

    /// <summary>Why the body is refused.</summary>
    public RequestFault? Fault { get; private set; }

    /// <summary>Walks the whole body. False: <see cref="Fault"/> says why it is refused.</summary>
    public bool Run(Shape root)
    {
        // One rent for the whole text: it has at most one UTF-16 unit for each byte.
        Content.Reserve(View.Json.Length);
        var accepted = Walk(0, root);
        _nested?.Dispose();
        _nested = null;
        return accepted;
    }

    /// <summary>Walks one value.</summary>
    public bool Walk(int token, Shape shape)
    {
        var outer = _group;
        _group = shape.Group ?? outer;
        var accepted = Accept(token, shape);
        _group = outer;
        if (!accepted)
        {
            return false;
        }

        if (shape.Capability is { } capability)
        {
            Use(capability, token, shape.CapabilityName);
        }

        if (shape.Handler is null)
        {
            return true;
        }

        var before = Request?.Uses.Count ?? 0;
        var reason = shape.Handler(ref this, token);
        CheckMarks(shape, before);
        return reason is null || Refuse(reason, token);
    }

    private bool Accept(int token, Shape shape)
    {
        var kind = View[token].Kind;
        switch (shape.Kind)
        {
            case ShapeKind.Text when kind == JsonKind.String:
                Emit(token, shape, SegmentFlags.None);
                return true;
            case ShapeKind.Object when kind == JsonKind.Object:
                return Members(token, IsFlagged(token, shape) ? shape.OnFlag! : shape);
            case ShapeKind.Array when kind == JsonKind.Array:
                return Items(token, shape);
            case ShapeKind.Tagged when kind == JsonKind.Object:
                return Case(token, shape);
            case ShapeKind.Either:
                var chosen = kind switch
                {
                    JsonKind.String => shape.OnString,
                    JsonKind.Array when shape.OnNumbers is { } numbers && BeginsWithNumber(token) => numbers,
                    JsonKind.Array => shape.OnArray,
                    JsonKind.Object => shape.OnObject,
                    _ => null,
                };
                return chosen is null ? Refuse(RequestFaultReasons.WrongType, token) : Walk(token, chosen);
            case ShapeKind.Tag:
                return true;
            case ShapeKind.Any:
                Everything(View, token, shape, SegmentFlags.None, start: -1);
                return true;
            case ShapeKind.Refused:
                return Tolerates(shape) ? WalkTolerated(token, shape) : RefuseField(token, shape);
            default:
                return AcceptLeaf(token, shape, kind);
        }
    }

    private readonly bool BeginsWithNumber(int array) => View[array].Next > array + 1 && View[array + 1].Kind == JsonKind.Number;

    private bool AcceptLeaf(int token, Shape shape, JsonKind kind)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Schema when kind is JsonKind.Object or JsonKind.True or JsonKind.False:
                Schema(token, shape, isMap: false);
                return true;
            case ShapeKind.JsonText when kind == JsonKind.String:
                NestedJson(token, shape);
                return true;
            case ShapeKind.Word when kind == JsonKind.String:
                if (View[token].IsEscaped || shape.Words!.Find(View.Inner(token)) < 0)
                {
                    Emit(token, shape, SegmentFlags.None);
                }

                return true;
            case ShapeKind.Integer when kind == JsonKind.Number:
                return AcceptInteger(token);
            case ShapeKind.Number when kind == JsonKind.Number:
            case ShapeKind.Boolean when kind is JsonKind.True or JsonKind.False:
                return true;
            default:
                return Refuse(RequestFaultReasons.WrongType, token);
        }
    }

    private bool AcceptInteger(int token)
    {
        if ((View[token].Flags & JsonTokenFlags.Integer) == 0)
        {
            return Refuse(RequestFaultReasons.WrongType, token);
        }

        return View.Integer(token) is >= 0 and <= JsonNumbers.MaxExactInteger || Refuse(RequestFaultReasons.NumberOutOfRange, token);
    }

    private bool Items(int token, Shape shape)
    {
        var end = View[token].Next;
        var index = 0;
        for (var at = token + 1; at < end; at = View[at].Next)
        {
            if (shape.IsMessages)
            {
                _group = index++;
            }

            if (!Walk(at, shape.Item!))
            {
                return false;
            }
        }

        return true;
    }

    private bool Case(int token, Shape shape)
    {
        var tags = shape.Tags!;
        var tag = View.Member(token, tags.MemberBytes);
        if (tag < 0 || View[tag].Kind == JsonKind.Null)
        {
            return tags.Absent is null
                ? Refuse(RequestFaultReasons.MissingField, token, $"The member '{tags.Member}' is missing.")
                : Walk(token, tags.Absent);
        }

        if (View[tag].Kind != JsonKind.String)
        {
            return Refuse(RequestFaultReasons.WrongType, tag);
        }

        var word = View[tag].IsEscaped ? System.Text.Encoding.UTF8.GetBytes(View.Text(tag)!) : View.Inner(tag);
        var found = tags.Find(word);
        if (found is null)
        {
            return UnknownCase(token, tag, tags, word);
        }

        return found.Kind == ShapeKind.Refused && !Tolerates(found)
            ? Refuse(tags.UnknownReason, tag, found.Explanation, found.Capability)
            : Walk(token, found);
    }

    private bool Members(int token, Shape shape)
    {
        var fields = shape.Fields!;
        var end = View[token].Next;
        var needed = fields.RequiredCount;
        for (var name = token + 1; name < end; name = View[name + 1].Next)
        {
            var field = Find(fields, name);
            if (field is null)
            {
                if (!UnknownMember(name, shape))
                {
                    return false;
                }
            }
            else if (HasOtherSpelling(token, name, fields))
            {
                return Refuse(RequestFaultReasons.TwoSpellings, name);
            }
            else if (View[name + 1].Kind != JsonKind.Null)
            {
                // Names are unique, so each needed member is counted once.
                needed -= field.Required ? 1 : 0;
                if (!Walk(name + 1, field.Shape))
                {
                    return false;
                }
            }
        }

        return needed == 0 || RefuseMissing(token, fields);
    }

    private readonly bool IsFlagged(int token, Shape shape) =>
        shape.Flag is { } flag && View.Member(token, flag) is >= 0 and var value && View[value].Kind == JsonKind.True;

    /// <summary>Whether the object has the field also under its other name; seen at the <c>snake_case</c> one, since it takes both.</summary>
    private readonly bool HasOtherSpelling(int token, int name, FieldTable fields)
    {
        if (!fields.IsProto)
        {
            return false;
        }

        var inner = View[name].IsEscaped ? System.Text.Encoding.UTF8.GetBytes(View.Text(name)!) : View.Inner(name);
        return ProtoNames.IsSnake(inner) && ProtoNames.Camel(inner) is var camel && !inner.SequenceEqual(camel) && View.Member(token, camel) >= 0;
    }

    private readonly ShapeField? Find(FieldTable fields, int name)
    {
        if (!View[name].IsEscaped)
        {
            return fields.Find(View.Inner(name));
        }

        return fields.Find(System.Text.Encoding.UTF8.GetBytes(View.Text(name)!));
    }

    private bool UnknownMember(int name, Shape shape)
    {
        var inner = View[name].IsEscaped ? System.Text.Encoding.UTF8.GetBytes(View.Text(name)!) : View.Inner(name);
        if (shape.Fields!.HasCaseVariant(inner))
        {
            return Refuse(RequestFaultReasons.KeyCaseVariant, name);
        }

        var value = name + 1;
        if (shape.IsRoot && Request is { } request && request.UnknownMembers.Count < MaxUnknownMembers
            && View[value].Kind is JsonKind.Object or JsonKind.Array or JsonKind.String)
        {
            request.UnknownMembers.Add(JsonPath.Shorten(View.Text(name)!));
        }

        if (shape.IsRoot && View[value].Kind != JsonKind.Null)
        {
            Use(Capability.UnknownMember, name);
        }

        Emit(name, shape.Rest!, SegmentFlags.Key);
        return Walk(value, shape.Rest!);
    }
}
