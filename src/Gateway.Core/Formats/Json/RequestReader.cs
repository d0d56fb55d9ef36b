using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Json;

/// <summary>What a format does with an accepted body: checks across members, edits. Returns null or why the body is refused.</summary>
internal delegate RequestFault? RequestFinisher(JsonView view, ExchangeRequest request);

/// <summary>Reads a request body by a format's table, and the members that all formats share.</summary>
internal static class RequestReader
{
    // Anthropic documents 512 characters, the longest of all formats; a longer one names nobody.
    private const int MaxEndUserLength = 512;

    // OpenAI documents 128.
    private const int MaxChoices = 128;

    /// <summary>Reads <paramref name="request"/> strictly. Never throws for any bytes.</summary>
    public static RequestFault? Read(ExchangeRequest request, Shape root, RequestFinisher finish)
    {
        var json = request.Body.Span;
        using var tape = new JsonTape();
        var fault = StrictJson.ReadObject(json, tape);
        if (fault is not null)
        {
            return RequestFaults.From(fault);
        }

        var view = tape.View(json);
        var walker = new ShapeWalker(view, request.Content, request);
        if (!walker.Run(root))
        {
            return walker.Fault;
        }

        return HasRepeatedTool(request.Content.Tools)
            ? RequestFaults.At(RequestFaultReasons.DuplicateToolName, "$.tools", message: null)
            : SettleModel(request) ?? finish(view, request);
    }

    /// <summary>Path and body may both name the model; the provider goes by one of them, so they must agree.</summary>
    private static RequestFault? SettleModel(ExchangeRequest request)
    {
        if (request.PathModel is not { } path)
        {
            return request.Model.Length > 0 ? null : RequestFaults.At(RequestFaultReasons.MissingField, "$", "The member 'model' is missing.");
        }

        if (request.Model.Length > 0 && !string.Equals(request.Model, path, StringComparison.Ordinal))
        {
            return RequestFaults.At(RequestFaultReasons.ModelMismatch, "$.model", message: null);
        }

        request.Model = path;
        return null;
    }

    /// <summary><c>model</c>.</summary>
    public static string? Model(ref ShapeWalker walker, int token)
    {
        ref readonly var value = ref walker.View[token];
        walker.Request!.Model = walker.View.Text(token)!;
        walker.Request.ModelToken = new ByteRange(value.Start, value.Length);
        return null;
    }

    /// <summary>A tool of a type that no table knows. Who executes it is not known either, so it counts as the provider's.</summary>
    public static Shape UnknownTool { get; } = Shapes.Any(Surface.ToolDefinition, Trust.ThirdParty).Uses(Capability.UnknownPart).Then(DeclareUnknownTool);

    /// <summary>Declares a tool. Every place of every format that can declare one does it here, so that one list holds them all.</summary>
    public static void DeclareTool(ref ShapeWalker walker, string name, bool isProviderSide) =>
        walker.Content.Tools.Add(new ToolDeclaration(name, isProviderSide));

    /// <summary>A member, other than the body's own <c>model</c>, that names a model: the allowlist judges them all.</summary>
    public static string? OtherModel(ref ShapeWalker walker, int token)
    {
        if (walker.View.Text(token) is { } name)
        {
            walker.Request!.OtherModels.Add(new NamedModel(name, walker.View[token].Start));
        }

        return null;
    }

    /// <summary><c>messages</c>.</summary>
    public static string? MessageCount(ref ShapeWalker walker, int token)
    {
        for (var at = token + 1; at < walker.View[token].Next; at = walker.View[at].Next)
        {
            walker.Request!.MessageCount++;
        }

        return null;
    }

    /// <summary><c>stream</c>.</summary>
    public static string? Stream(ref ShapeWalker walker, int token)
    {
        walker.Request!.Stream = walker.View[token].Kind == JsonKind.True;
        return null;
    }

    /// <summary>Any member that limits the output; where a body has two, the larger counts, since the provider decides which one it follows.</summary>
    public static string? MaxOutputTokens(ref ShapeWalker walker, int token)
    {
        walker.Request!.MaxOutputTokens = Math.Max(walker.Request.MaxOutputTokens ?? 0, walker.View.Integer(token)!.Value);
        return null;
    }

    /// <summary><c>n</c>.</summary>
    public static string? ChoiceCount(ref ShapeWalker walker, int token)
    {
        var count = walker.View.Integer(token)!.Value;
        if (count is < 1 or > MaxChoices)
        {
            return RequestFaultReasons.NumberOutOfRange;
        }

        walker.Request!.ChoiceCount = (int)count;
        return null;
    }

    /// <summary>The member that names the end user.</summary>
    public static string? EndUser(ref ShapeWalker walker, int token)
    {
        var user = walker.View.Text(token)!;
        walker.Request!.EndUser = user.Length is 0 or > MaxEndUserLength ? null : user;
        return null;
    }

    /// <summary>A member that names the end user when no better one does.</summary>
    public static string? SecondEndUser(ref ShapeWalker walker, int token) => walker.Request!.EndUser is null ? EndUser(ref walker, token) : null;

    private static string? DeclareUnknownTool(ref ShapeWalker walker, int token)
    {
        var type = walker.View.Text(walker.View.Member(token, "type"u8))!;
        DeclareTool(ref walker, type, isProviderSide: true);
        return null;
    }

    private static bool HasRepeatedTool(List<ToolDeclaration> tools)
    {
        if (tools.Count < 2)
        {
            return false;
        }

        var names = new HashSet<string>(tools.Count, StringComparer.Ordinal);
        return !tools.TrueForAll(tool => names.Add(tool.Name));
    }
}
