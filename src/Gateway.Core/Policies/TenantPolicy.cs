using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Core.Guards;
using Gateway.Core.Policies.Attachments;
using Gateway.Core.Policies.Overrides;

namespace Gateway.Core.Policies;

/// <summary>Where a value was written.</summary>
/// <param name="File">File name relative to the policies folder.</param>
/// <param name="Line">1-based line; 0 when the mistake is the file's, not of its text.</param>
/// <param name="Column">1-based column, in UTF-16 units; 0 when the line is 0.</param>
public readonly record struct PolicySource(string File, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}

/// <summary>How a violation is told to the client.</summary>
public enum ViolationResponse : byte
{
    /// <summary>An error in the wire format's own shape.</summary>
    Error,

    /// <summary>A normal completion that says it is a refusal.</summary>
    Refusal,
}

/// <summary>A compiled policy: immutable, ready to use, shared by all exchanges of its tenants.</summary>
public sealed record TenantPolicy
{
    /// <summary>Unique name.</summary>
    public required string Name { get; init; }

    /// <summary>What the author says about it; for people only.</summary>
    public string? Description { get; init; }

    /// <summary>Where the document starts.</summary>
    public required PolicySource Source { get; init; }

    /// <summary>The names of the documents that it was made from: those of its ancestors, in the order in which they apply, and last its own.</summary>
    public ImmutableArray<string> Documents { get; init; } = [];

    /// <summary>Tenants it applies to as a whole; <c>*</c> stands for every tenant that no other policy names.</summary>
    public required ImmutableArray<string> Tenants { get; init; }

    /// <summary>What it applies to besides.</summary>
    public ImmutableArray<PolicyAttachment> AppliesTo { get; init; } = [];

    /// <summary>The policy's own mode: monitor turns every rule to monitor, off turns every guard off.</summary>
    public GuardMode Mode { get; init; } = GuardMode.Enforce;

    /// <summary>The modes of single guards, as written.</summary>
    public GuardModes GuardModes { get; init; } = new();

    /// <summary>How violations are told to the client.</summary>
    public ViolationResponse OnViolation { get; init; } = ViolationResponse.Error;

    /// <summary>0 (lowest) to 3.</summary>
    public int RiskTier { get; init; }

    /// <summary>Which models may be used.</summary>
    public required ModelRules Models { get; init; }

    /// <summary>Rates, concurrency and sizes.</summary>
    public required LimitRules Limits { get; init; }

    /// <summary>Content rules.</summary>
    public required ContentRuleSet Content { get; init; }

    /// <summary>What the gateway cannot look into.</summary>
    public UnseenRules Unseen { get; init; } = UnseenRules.Default;

    /// <summary>The managed system prompt; null: the application's instructions stand alone.</summary>
    public ManagedSystemPrompt? SystemPrompt { get; init; }

    /// <summary>What overrides add; nothing of it depends on <see cref="Mode"/>.</summary>
    public EmergencyRules Emergency { get; init; } = EmergencyRules.None;

    /// <summary>What to do when a guard fails or runs out of time. Default: block.</summary>
    public GuardFailure OnError { get; init; } = GuardFailure.Block;

    /// <summary>Time one guard may take.</summary>
    public TimeSpan GuardTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The mode in which <paramref name="guard"/> runs: the milder of the policy's and its own. Content rules have their modes in them.</summary>
    public GuardMode ModeOf(GuardId guard)
    {
        var own = guard switch
        {
            GuardId.Model => GuardModes.Model,
            GuardId.Size => GuardModes.Size,
            GuardId.Capability => GuardModes.Unseen,
            _ => GuardMode.Enforce,
        };
        return own > Mode ? own : Mode;
    }
}

/// <summary>The modes of the guards that have no rules of their own to set one on.</summary>
/// <param name="Model"><c>guards.model.mode</c>.</param>
/// <param name="Size"><c>guards.size.mode</c>.</param>
/// <param name="Unseen"><c>unseen.mode</c>.</param>
public sealed record GuardModes(GuardMode Model = GuardMode.Enforce, GuardMode Size = GuardMode.Enforce, GuardMode Unseen = GuardMode.Enforce);

/// <summary>A safety preamble that goes before the application's own instructions.</summary>
/// <param name="Prepend">The text.</param>
/// <param name="Version">The author's number for it; stands in the decision record.</param>
public sealed record ManagedSystemPrompt(string Prepend, int Version);

/// <summary>What happens when a guard cannot give a verdict.</summary>
public enum GuardFailure : byte
{
    /// <summary>The exchange is stopped.</summary>
    Block,

    /// <summary>The exchange goes on unchecked; counted as fail-open.</summary>
    Allow,
}

/// <summary>Requests per minute with a burst.</summary>
/// <param name="PerMinute">Sustained rate.</param>
/// <param name="Burst">How many may come at once.</param>
public sealed record RequestRate(int PerMinute, int Burst);

/// <summary>Sizes and counts of one request; null: the gateway's own bound.</summary>
public sealed record SizeLimits
{
    /// <summary>The default body bound: 32 MiB, the largest request body a provider documents for these formats.</summary>
    public const long DefaultBodyBytes = 32L * 1024 * 1024;

    /// <summary>Bytes of the request body.</summary>
    public long BodyBytes { get; init; } = DefaultBodyBytes;

    /// <summary>Bytes of a non-streamed response body.</summary>
    public long ResponseBytes { get; init; } = DefaultBodyBytes;

    /// <summary>UTF-16 units of all text of a request.</summary>
    public long? TextLength { get; init; }

    /// <summary>Number of messages.</summary>
    public int? Messages { get; init; }

    /// <summary>Number of declared tools.</summary>
    public int? Tools { get; init; }

    /// <summary>Largest output limit a client may ask for, in tokens.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Largest number of answers a client may ask for.</summary>
    public int? Choices { get; init; }
}

/// <summary>Limits of a tenant. Null: no limit.</summary>
public sealed record LimitRules
{
    /// <summary>Requests of the tenant.</summary>
    public RequestRate? Requests { get; init; }

    /// <summary>Requests of each end user of the tenant.</summary>
    public RequestRate? UserRequests { get; init; }

    /// <summary>Exchanges of the tenant at the same time.</summary>
    public int? Concurrency { get; init; }

    /// <summary>Sizes.</summary>
    public SizeLimits Size { get; init; } = new();
}

/// <summary>Model allowlist, aliases and fallbacks. Names match exactly or by a trailing <c>*</c>; case matters, as it does for providers.</summary>
public sealed record ModelRules
{
    /// <summary>Allowed names and prefixes (<c>gpt-4o*</c>), as written.</summary>
    public required ImmutableArray<string> Allow { get; init; }

    /// <summary>Client name to the name sent to the provider.</summary>
    public FrozenDictionary<string, string> Aliases { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Model to the models to try next when its provider fails; each is itself allowed.</summary>
    public FrozenDictionary<string, ImmutableArray<string>> Fallbacks { get; init; } = FrozenDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>Names and prefixes that overrides block, whatever <see cref="Allow"/> says; case does not matter.</summary>
    public ImmutableArray<string> Denied { get; init; } = [];

    /// <summary>The name to send for <paramref name="requested"/>.</summary>
    public string Resolve(string requested) => Aliases.GetValueOrDefault(requested, requested);

    /// <summary>The models to try next when the provider of <paramref name="model"/> fails, without those that an override blocks.</summary>
    public ImmutableArray<string> FallbacksOf(string model)
    {
        var all = Fallbacks.GetValueOrDefault(model, []);
        return Denied.IsEmpty ? all : [.. all.Where(fallback => !Denies(fallback))];
    }

    /// <summary>Whether an override blocks <paramref name="model"/>.</summary>
    public bool Denies(string model) => ModelNames.Any(Denied, model);

    /// <summary>Whether <paramref name="model"/> (after aliases) may be used.</summary>
    public bool Allows(string model)
    {
        if (Denies(model))
        {
            return false;
        }

        foreach (var entry in Allow)
        {
            var matches = entry.EndsWith('*')
                ? model.AsSpan().StartsWith(entry.AsSpan(0, entry.Length - 1), StringComparison.Ordinal)
                : string.Equals(entry, model, StringComparison.Ordinal);
            if (matches)
            {
                return true;
            }
        }

        return false;
    }
}
