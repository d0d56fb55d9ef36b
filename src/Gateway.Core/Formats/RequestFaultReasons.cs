namespace Gateway.Core.Formats;

/// <summary>The closed list of reasons for which a body is refused before inspection.</summary>
public static class RequestFaultReasons
{
#pragma warning disable CS1591 // the names say what they are; each has a sample body in the tests
    public const string EmptyBody = "empty_body";
    public const string NotUtf8 = "not_utf8";
    public const string Bom = "bom";
    public const string NotJson = "not_json";
    public const string NotAnObject = "not_an_object";
    public const string TrailingBytes = "trailing_bytes";
    public const string TooDeep = "too_deep";
    public const string DuplicateKey = "duplicate_key";
    public const string KeyCaseVariant = "key_case_variant";
    public const string TwoSpellings = "two_spellings_of_one_field";
    public const string LoneSurrogate = "lone_surrogate";
    public const string NumberOutOfRange = "number_out_of_range";
    public const string WrongType = "wrong_type";
    public const string MissingField = "missing_field";
    public const string UnknownType = "unknown_type";
    public const string UnknownRole = "unknown_role";
    public const string UnknownField = "unknown_field";
    public const string DuplicateToolName = "duplicate_tool_name";
    public const string BothToolForms = "both_tool_forms";
    public const string ModelMismatch = "model_mismatch";
    public const string InvalidModel = "invalid_model";
    public const string TooManyItems = "too_many_items";
    public const string BodyNotTaken = "body_not_taken";
#pragma warning restore CS1591
}
