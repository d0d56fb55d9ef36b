namespace Gateway.Core.Formats;

/// <summary>The closed list of reasons for which a provider's answer, streamed or whole, is not passed on.</summary>
public static class StreamFaults
{
#pragma warning disable CS1591 // the names say what they are; each has a test
    public const string FrameTooLarge = "frame_too_large";
    public const string ByteOrderMark = "byte_order_mark";
    public const string NotUtf8 = "not_utf8";
    public const string NotJson = "not_json";
    public const string NotAnObject = "not_an_object";
    public const string WrongType = "wrong_type";
    public const string DuplicateKey = "duplicate_key";
    public const string TwoSpellings = "two_spellings_of_one_field";
    public const string KeyCaseVariant = "key_case_variant";
    public const string Truncated = "truncated";
    public const string NotADataLine = "not_a_data_line";
    public const string DuplicateKeyInArguments = "duplicate_key_in_arguments";
    public const string LoneSurrogate = "lone_surrogate";
    public const string MissingEvent = "missing_event";
    public const string EventTypeMismatch = "event_type_mismatch";
    public const string NotStarted = "not_started";
    public const string StartedTwice = "started_twice";
    public const string IndexJump = "index_jump";
    public const string BlockNotOpen = "block_not_open";
    public const string BlockStillOpen = "block_still_open";
    public const string BlockReopened = "block_reopened";
    public const string BlockTypeMismatch = "block_type_mismatch";
    public const string AfterFinish = "after_finish";
    public const string AfterTerminator = "after_terminator";
    public const string ToolWithoutName = "tool_without_name";
    public const string ToolNameChanged = "tool_name_changed";
    public const string ToolArgumentsChanged = "tool_arguments_changed";
    public const string TextChanged = "text_changed";
    public const string TooManyItems = "too_many_items";
#pragma warning restore CS1591
}
