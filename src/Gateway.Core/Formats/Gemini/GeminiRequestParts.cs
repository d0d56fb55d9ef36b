using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.Gemini;

/// <summary>Contents and their parts.</summary>
internal static class GeminiRequestParts
{
    private static readonly Shape s_argument = Text(Surface.ToolArguments, Trust.Assistant);
    private static readonly Shape s_arguments = Any(Surface.ToolArguments, Trust.Assistant);
    private static readonly Shape s_result = Text(Surface.ToolResult, Trust.ThirdParty);
    private static readonly Shape s_results = Any(Surface.ToolResult, Trust.ThirdParty);
    private static readonly Shape s_userMeta = Any(Surface.Metadata, Trust.User);
    private static readonly Shape s_fileData = FileData();
    private static readonly Shape s_functionCall = FunctionCall();
    private static readonly Shape s_functionResponse = FunctionResponse();
    private static readonly Shape s_executableCode = ExecutableCode();
    private static readonly Shape s_serverCall = ServerCall();

    /// <summary>A content of <c>contents</c>. Without a role it is the user's.</summary>
    public static Shape Content { get; } = ByRole(
        absent: Parts(Surface.User, Trust.User),
        [
            ("user", Parts(Surface.User, Trust.User)),
            ("model", Parts(Surface.Assistant, Trust.Assistant)),
            ("function", Parts(Surface.ToolResult, Trust.ThirdParty)),
        ]);

    /// <summary><c>systemInstruction</c>; its role means nothing.</summary>
    public static Shape System { get; } = ProtoObject(
        Field("role", Meta),
        Field("parts", Repeated(Part(Surface.System, Trust.Operator)))).InGroup(ShapeWalker.StandaloneGroup);

    private static Shape Parts(Surface surface, Trust trust) => ProtoObject(Field("parts", Repeated(Part(surface, trust))));

    // Only what the model said can be its thought: a user's part that claims to be one stays the user's.
    private static Shape Part(Surface surface, Trust trust) => surface == Surface.Assistant
        ? ByFlag("thought", flagged: Fields(Surface.Reasoning, trust), otherwise: Fields(surface, trust))
        : Fields(surface, trust);

    // A member that is not known may be a new kind of content: it is read as the part's text.
    private static Shape Fields(Surface surface, Trust trust) => ProtoObject(Any(surface, trust).Uses(Capability.UnknownPart),
    [
        Field("text", Text(surface, trust)),
        Field("thought", Flag),
        Field("thoughtSignature", Text(Surface.Reasoning, Trust.Assistant, SegmentFlags.Opaque).Uses(Capability.SealedContent)),
        Field("inlineData", GeminiInlineData.Shape(surface, trust)),
        Field("fileData", s_fileData),
        Field("functionCall", s_functionCall),
        Field("functionResponse", s_functionResponse),
        Field("executableCode", s_executableCode),
        Field("codeExecutionResult", ProtoObject(s_results, [Field("output", s_result), Field("outcome", AnyMeta), Field("id", Meta)])),
        Field("toolCall", s_serverCall),
        Field("toolResponse", ProtoObject(s_results, [Field("response", s_results), Field("toolType", AnyMeta), Field("id", Meta)])),
        Field("audioTranscription", s_userMeta),
        Field("speechMetadata", s_userMeta),
        Field("partMetadata", s_userMeta),
        Field("videoMetadata", AnyMeta),
        Field("mediaResolution", AnyMeta),
        Field("mediaProcessing", AnyMeta),
    ]);

    private static Shape FileData() => ProtoObject(
        Field("fileUri", Text(Surface.Metadata, Trust.User).Then(UseFile, Capability.StoredFile, Capability.RemoteContent)),
        Field("mimeType", Meta),
        Field("displayName", Meta));

    private static string? UseFile(ref ShapeWalker walker, int token)
    {
        var address = GeminiMedia.CapabilityOfAddress(walker.View.Text(token)!);
        walker.Request?.Uses.Add(new CapabilityUse(address, walker.View[token].Start));
        return null;
    }

    private static Shape FunctionCall() => ProtoObject(s_arguments,
    [
        Field("name", s_argument),
        Field("id", s_argument),
        Field("args", s_arguments),
        Field("partialArgs", s_arguments),
        Field("willContinue", Flag),
    ]).Then((ref ShapeWalker walker, int token) => AddCall(ref walker, token, "name"u8));

    private static Shape ServerCall() => ProtoObject(s_arguments, [Field("toolType", AnyMeta), Field("id", Meta), Field("args", s_arguments)])
        .Then((ref ShapeWalker walker, int token) =>
        {
            var type = GeminiInlineData.Member(walker.View, token, "toolType");
            return Add(ref walker, walker.View.Text(type) ?? "", Raw(walker.View, walker.View.Member(token, "args"u8)), token, isProviderSide: true);
        });

    private static Shape ExecutableCode() => ProtoObject(s_arguments, [Field("code", s_argument), Field("language", AnyMeta), Field("id", Meta)])
        .Then((ref ShapeWalker walker, int token) =>
        {
            var code = Raw(walker.View, walker.View.Member(token, "code"u8));
            return Add(ref walker, GeminiNames.CodeExecution, code.Length == 0 ? "" : $"{{\"code\":{code}}}", token, isProviderSide: true);
        });

    private static Shape FunctionResponse() => ProtoObject(s_results,
    [
        Field("name", s_result),
        Field("id", Meta),
        Field("response", s_results),
        Field("scheduling", AnyMeta),
        Field("willContinue", Flag),
        Field("parts", Repeated(ProtoObject(s_results.Uses(Capability.UnknownPart),
        [
            Field("inlineData", GeminiInlineData.Shape(Surface.ToolResult, Trust.ThirdParty)),
            Field("fileData", s_fileData),
            Field("mediaProcessing", AnyMeta),
        ]))),
    ]);

    private static string? AddCall(ref ShapeWalker walker, int token, ReadOnlySpan<byte> name) =>
        Add(ref walker, walker.View.Text(walker.View.Member(token, name)) ?? "", Raw(walker.View, walker.View.Member(token, "args"u8)), token, isProviderSide: false);

    private static string? Add(ref ShapeWalker walker, string name, string arguments, int token, bool isProviderSide)
    {
        var id = walker.View.Text(walker.View.Member(token, "id"u8));
        walker.Content.ToolCalls.Add(new ToolCall(name, arguments, id, History: true, isProviderSide));
        return null;
    }

    private static string Raw(JsonView view, int token) =>
        token < 0 || view[token].Kind == JsonKind.Null ? "" : global::System.Text.Encoding.UTF8.GetString(view.Raw(token));
}
