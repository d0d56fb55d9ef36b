using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;

namespace Gateway.Core.Policies;

/// <summary>
/// What a policy says about what the gateway cannot look into: <see cref="PolicyAction.Block"/> (<c>deny</c>),
/// <see cref="PolicyAction.Annotate"/> or <see cref="PolicyAction.Allow"/> for each capability. Immutable.
/// </summary>
public sealed class UnseenRules
{
    private readonly ImmutableArray<PolicyAction> _settings;
    private readonly FrozenDictionary<string, PolicyAction> _builtInTools;
    private readonly FrozenSet<string> _betas;

    /// <summary>Makes rules from one setting for each capability, in the order of the enum.</summary>
    /// <param name="settings">By capability.</param>
    /// <param name="builtInTools">By <see cref="ProviderToolName"/>.</param>
    /// <param name="betas">Values that are passed on.</param>
    public UnseenRules(ImmutableArray<PolicyAction> settings, IReadOnlyDictionary<string, PolicyAction> builtInTools, IEnumerable<string> betas)
    {
        if (settings.Length != CapabilityTerms.All.Length)
        {
            throw new ArgumentException("One setting for each capability is needed.", nameof(settings));
        }

        _settings = settings;
        _builtInTools = builtInTools.ToFrozenDictionary(StringComparer.Ordinal);
        _betas = betas.ToFrozenSet(StringComparer.Ordinal);
        foreach (var term in CapabilityTerms.All)
        {
            Tolerated = settings[(int)term.Capability] == PolicyAction.Block ? Tolerated : Tolerated.With(term.Capability);
        }
    }

    /// <summary>The rules of a policy that says nothing.</summary>
    public static UnseenRules Default { get; } =
        new([.. CapabilityTerms.All.Select(term => term.Default)], FrozenDictionary<string, PolicyAction>.Empty, []);

    /// <summary>The capabilities that are not denied.</summary>
    public CapabilitySet Tolerated { get; }

    /// <summary>The tools that have a setting of their own, by <see cref="ProviderToolName"/>.</summary>
    public IEnumerable<string> BuiltInTools => _builtInTools.Keys;

    /// <summary>The betas that are passed on to the provider.</summary>
    public IEnumerable<string> Betas => _betas;

    /// <summary>The setting of <paramref name="capability"/>.</summary>
    public PolicyAction For(Capability capability) => _settings[(int)capability];

    /// <summary>The setting of a tool that the provider executes: its own in <c>tools.builtIn</c>, or else that of all of them.</summary>
    public PolicyAction ForTool(string declared) =>
        _builtInTools.TryGetValue(ProviderToolName.Normalize(declared), out var own) ? own : For(Capability.ProviderTool);

    /// <summary>Whether a beta is passed on to the provider.</summary>
    public bool PassesBeta(string value) => _betas.Contains(value);

    /// <summary>Whether the key of <paramref name="declared"/> stands in <c>tools.builtIn</c>.</summary>
    public bool NamesTool(string declared) => _builtInTools.ContainsKey(ProviderToolName.Normalize(declared));

    /// <summary>These rules with another setting for one capability.</summary>
    public UnseenRules With(Capability capability, PolicyAction action) => new(_settings.SetItem((int)capability, action), _builtInTools, _betas);
}
