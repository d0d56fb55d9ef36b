using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>Reads Responses requests.</summary>
internal static class OpenAIResponsesRequestReader
{
    private static readonly byte[] s_noStore = "\"store\":false,"u8.ToArray();
    private static readonly byte[] s_false = "false"u8.ToArray();

    /// <summary>Reads the body of <paramref name="request"/>.</summary>
    public static RequestFault? Read(ExchangeRequest request) => RequestReader.Read(request, OpenAIResponsesRequestShape.Body, Finish);

    /// <summary>Handler of <c>input</c> as a string.</summary>
    public static string? OneMessage(ref ShapeWalker walker, int token)
    {
        walker.Request!.MessageCount = 1;
        return null;
    }

    /// <summary>Handler of <c>background</c>: such a run is kept until it is fetched.</summary>
    public static string? Background(ref ShapeWalker walker, int token) => Keeps(ref walker, token);

    /// <summary>Handler of <c>store</c>.</summary>
    public static string? Store(ref ShapeWalker walker, int token) => Keeps(ref walker, token);

    private static string? Keeps(ref ShapeWalker walker, int token)
    {
        if (walker.View[token].Kind == JsonKind.True)
        {
            walker.Request!.Uses.Add(new CapabilityUse(Capability.ProviderStorage, walker.View[token].Start));
        }

        return null;
    }

    private static RequestFault? Finish(JsonView view, ExchangeRequest request)
    {
        var store = view.Member(0, "store"u8);
        if (store < 0 || view[store].Kind == JsonKind.Null)
        {
            Unstated(view, store, request);
        }

        DeclareListed(view, request.Content.Tools);
        return null;
    }

    // Unlike Chat Completions, this API keeps what it is not told to forget. No SDK says either, so that it is told, and nobody refused for silence.
    private static void Unstated(JsonView view, int store, ExchangeRequest request)
    {
        if (request.Tolerates.Has(Capability.ProviderStorage))
        {
            request.Uses.Add(new CapabilityUse(Capability.ProviderStorage, -1));
        }
        else if (store >= 0)
        {
            request.DenialEdits.Add(new BodyEdit(new ByteRange(view[store].Start, view[store].Length), s_false));
        }
        else
        {
            // The body has members (model is required), so a comma follows.
            request.DenialEdits.Add(new BodyEdit(new ByteRange(view[0].Start + 1, 0), s_noStore));
        }
    }

    /// <summary>Tools that items of history list. Each turn repeats them, so that, unlike two declarations, two lists of one tool are no clash.</summary>
    private static void DeclareListed(JsonView view, List<ToolDeclaration> tools)
    {
        var input = view.Member(0, "input"u8);
        if (input < 0 || view[input].Kind != JsonKind.Array)
        {
            return;
        }

        var listed = new List<ToolDeclaration>();
        for (var item = input + 1; item < view[input].Next; item = view[item].Next)
        {
            var type = view.Member(item, "type"u8);
            if (type >= 0 && view.Is(type, "mcp_list_tools"u8))
            {
                Each(view, item, listed, AddServerTool);
            }
            else if (type >= 0 && view.Is(type, "tool_search_output"u8))
            {
                Each(view, item, listed, static (view, _, tool, names) => OpenAIResponsesRequestTools.AddNames(view, tool, names));
            }
        }

        if (listed.Count > 0)
        {
            var known = tools.Select(tool => tool.Name).ToHashSet(StringComparer.Ordinal);
            tools.AddRange(listed.Where(tool => known.Add(tool.Name)));
        }
    }

    private delegate void Add(JsonView view, int item, int tool, List<ToolDeclaration> names);

    private static void Each(JsonView view, int item, List<ToolDeclaration> names, Add add)
    {
        var tools = view.Member(item, "tools"u8);
        for (var tool = tools + 1; tools >= 0 && tool < view[tools].Next; tool = view[tool].Next)
        {
            add(view, item, tool, names);
        }
    }

    private static void AddServerTool(JsonView view, int item, int tool, List<ToolDeclaration> names) =>
        names.Add(new ToolDeclaration(
            $"mcp:{view.Text(view.Member(item, "server_label"u8))}/{view.Text(view.Member(tool, "name"u8))}",
            ProviderSide: true));
}
