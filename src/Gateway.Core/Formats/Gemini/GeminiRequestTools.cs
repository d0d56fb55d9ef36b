using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.Gemini;

/// <summary>Tools that a request declares and how they may be used.</summary>
internal static class GeminiRequestTools
{
    private static readonly Shape s_definition = Text(Surface.ToolDefinition, Trust.ToolDefinition);
    private static readonly Shape s_anyDefinition = Any(Surface.ToolDefinition, Trust.ToolDefinition);

    // Tools that the provider executes, by the name of their member.
    private static readonly string[] s_provided =
    [
        "googleSearch", "googleSearchRetrieval", "enterpriseWebSearch", "urlContext", "codeExecution", "fileSearch", "googleMaps", "retrieval",
        "computerUse", "exaAiSearch", "parallelAiSearch",
    ];

    /// <summary>An item of <c>tools</c>: functions, or tools of the provider. A member that is not known declares a tool of its name.</summary>
    public static Shape Tool { get; } = ProtoObject(
        s_anyDefinition.Uses(Capability.UnknownPart).Then(DeclareUnknown),
        [
            Field("functionDeclarations", Repeated(Function())),
            Field("mcpServers", Repeated(Server())),
            .. s_provided.Select(name => Field(name, s_anyDefinition.Uses(Capability.ProviderTool, name).Then(Declare(name)))),
        ]);

    /// <summary><c>toolConfig</c>.</summary>
    public static Shape Config { get; } = ProtoObject(
        Field("functionCallingConfig", ProtoObject(
            Field("mode", AnyMeta),
            Field("allowedFunctionNames", Repeated(Meta)),
            Field("streamFunctionCallArguments", Flag))),
        Field("retrievalConfig", AnyMeta),
        Field("includeServerSideToolInvocations", Flag));

    private static Shape Function() => ProtoObject(s_anyDefinition,
    [
        Needed("name", s_definition),
        Field("description", s_definition),
        Field("parameters", Schema),
        Field("parametersJsonSchema", Schema),
        Field("response", Schema),
        Field("responseJsonSchema", Schema),
        Field("behavior", AnyMeta),
    ]).Then(DeclareFunction);

    // The provider calls this address, with these headers, on behalf of whoever wrote the request.
    private static Shape Server() => ProtoObject(s_anyDefinition, [Field("name", s_definition)]).Uses(Capability.Connector).Then(DeclareServer);

    private static string? DeclareFunction(ref ShapeWalker walker, int token) =>
        Add(ref walker, walker.View.Text(walker.View.Member(token, "name"u8))!, isProviderSide: false);

    private static string? DeclareServer(ref ShapeWalker walker, int token) =>
        Add(ref walker, $"mcp:{walker.View.Text(walker.View.Member(token, "name"u8))}", isProviderSide: true);

    private static ShapeHandler Declare(string name) => (ref ShapeWalker walker, int token) => Add(ref walker, name, isProviderSide: true);

    private static string? DeclareUnknown(ref ShapeWalker walker, int token) => Add(ref walker, walker.View.Text(token - 1)!, isProviderSide: true);

    private static string? Add(ref ShapeWalker walker, string name, bool isProviderSide)
    {
        RequestReader.DeclareTool(ref walker, name, isProviderSide);
        return null;
    }
}
