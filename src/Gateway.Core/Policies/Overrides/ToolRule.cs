using Gateway.Core.Detection.Patterns;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Policies.Overrides;

/// <summary>
/// A tool that an override stops. Names are compared without regard to case, to namespaces (<c>mail.send</c> is also <c>send</c>) and, for tools that
/// the provider executes, to dates and previews: another spelling must not get past it. Immutable.
/// </summary>
public sealed class ToolRule
{
    private const string Connector = "mcp";
    private readonly string _name;
    private readonly string _family;
    private readonly bool _isPrefix;
    private readonly PatternSet? _arguments;

    internal ToolRule(string id, string tool, Pattern? arguments, bool needsApproval)
    {
        Override = id;
        Tool = tool;
        Arguments = arguments?.Source;
        NeedsApproval = needsApproval;
        _isPrefix = tool.EndsWith('*');
        _name = _isPrefix ? tool[..^1] : tool;
        _family = ProviderToolName.Normalize(_name);
        _arguments = arguments is null ? null : PatternSet.Compile([arguments]);
    }

    /// <summary>The override.</summary>
    public string Override { get; }

    /// <summary>The name, or its beginning with a trailing <c>*</c>, as written.</summary>
    public string Tool { get; }

    /// <summary>The pattern of the arguments, if only some calls are stopped.</summary>
    public string? Arguments { get; }

    /// <summary>A person has to approve each call; as nobody can be asked, it is stopped.</summary>
    public bool NeedsApproval { get; }

    /// <summary>
    /// Whether a request that declares <paramref name="tool"/> is stopped. Where only some calls are stopped, declarations pass; but nobody can be asked
    /// about a call that the provider makes by itself. A connector's tools are not in the request and run before the gateway sees them: it is
    /// stopped unless the rule names another connector.
    /// </summary>
    public bool StopsDeclaration(in ToolDeclaration tool)
    {
        if (_arguments is not null || (NeedsApproval && !tool.ProviderSide))
        {
            return false;
        }

        return Names(tool.Name, tool.ProviderSide)
            || (tool.ProviderSide && ProviderToolName.Normalize(tool.Name) == Connector && !Tool.Contains(':', StringComparison.Ordinal));
    }

    /// <summary>Whether a call is stopped.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="arguments">Raw JSON or free text; null: only the name is known yet.</param>
    /// <param name="providerSide">Whether the provider executes it.</param>
    public bool StopsCall(string name, string? arguments, bool providerSide)
    {
        if (!Names(name, providerSide))
        {
            return false;
        }

        return _arguments is null || (arguments is not null && ArgumentViews.Of(arguments).Exists(Matches));
    }

    /// <summary>Whether a call that the client replays is stopped. One that needed approval has been made already.</summary>
    public bool StopsHistory(ToolCall call) => !NeedsApproval && StopsCall(call.Name, call.Arguments, call.ProviderSide);

    internal bool Names(string name, bool providerSide)
    {
        var trimmed = name.AsSpan().Trim();
        return Is(trimmed)
            || (trimmed.LastIndexOfAny('.', '/') is var at and >= 0 && Is(trimmed[(at + 1)..]))
            || (providerSide && IsFamily(ProviderToolName.Normalize(name)));
    }

    private bool Is(ReadOnlySpan<char> name) => _isPrefix
        ? name.StartsWith(_name, StringComparison.OrdinalIgnoreCase)
        : name.Equals(_name, StringComparison.OrdinalIgnoreCase);

    private bool IsFamily(string family) =>
        Is(family) || (!_isPrefix && !_name.Contains(':', StringComparison.Ordinal) && family.Equals(_family, StringComparison.OrdinalIgnoreCase));

    private bool Matches(string text)
    {
        Span<PatternMatch> match = stackalloc PatternMatch[1];
        return _arguments!.MatchesAny(text, match) > 0;
    }
}
