namespace Gateway.Core.Formats.Json;

/// <summary>Words refusals for the developer. They name a path or a byte position, never a value.</summary>
internal static class RequestFaults
{
    /// <summary>A refusal by the strict reader.</summary>
    public static RequestFault From(JsonFault fault) => new(fault.Reason, $"{Describe(fault.Reason)} (at byte {fault.Position}).");

    /// <summary>A refusal by a format's table.</summary>
    public static RequestFault At(string reason, string path, string? message) => new(reason, $"{path}: {message ?? Describe(reason) + "."}", path);

    private static string Describe(string reason) => reason switch
    {
        RequestFaultReasons.ModelMismatch => "The path and the body name different models",
        RequestFaultReasons.EmptyBody => "The body is empty",
        RequestFaultReasons.NotUtf8 => "The body is not UTF-8",
        RequestFaultReasons.Bom => "The body starts with a byte order mark",
        RequestFaultReasons.NotJson => "The body is not valid JSON",
        RequestFaultReasons.NotAnObject => "The body is not a JSON object",
        RequestFaultReasons.TrailingBytes => "Something stands after the JSON object",
        RequestFaultReasons.TooDeep => "The body is nested too deeply",
        RequestFaultReasons.DuplicateKey => "A member name stands twice in one object",
        RequestFaultReasons.KeyCaseVariant => "The member name differs from a known one only by case",
        RequestFaultReasons.TwoSpellings => "The field stands twice, in camel case and in snake case",
        RequestFaultReasons.InvalidModel => "The path does not name a model in plain letters, digits, dots and dashes",
        RequestFaultReasons.LoneSurrogate => "A string holds half of a surrogate pair",
        RequestFaultReasons.NumberOutOfRange => "The number is out of range",
        RequestFaultReasons.WrongType => "The value has the wrong type",
        RequestFaultReasons.MissingField => "A required member is missing",
        RequestFaultReasons.UnknownType => "The gateway does not know this type and could not inspect it",
        RequestFaultReasons.UnknownRole => "The gateway does not know this role",
        RequestFaultReasons.UnknownField => "The gateway does not pass this member on",
        RequestFaultReasons.DuplicateToolName => "Two tools have the same name",
        RequestFaultReasons.BothToolForms => "'tools' and 'functions' cannot be used together",
        RequestFaultReasons.TooManyItems => "The body has too many members, items or values",
        RequestFaultReasons.BodyNotTaken => "This path takes no body",
        _ => "The body is refused",
    };
}
