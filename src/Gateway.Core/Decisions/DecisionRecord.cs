using Gateway.Core.Exchanges;
using Gateway.Core.Guards;

namespace Gateway.Core.Decisions;

/// <summary>One guard's run in an exchange.</summary>
/// <param name="Guard">Which guard.</param>
/// <param name="Verdict">What it said; null: it did not run.</param>
/// <param name="Skipped">Why it did not run: <c>off</c>, <c>earlier_block</c>, <c>not_applicable</c>; or the reason of its failure.</param>
/// <param name="Microseconds">How long it took.</param>
public sealed record GuardRun(GuardId Guard, Verdict? Verdict, string? Skipped, long Microseconds);

/// <summary>The tools of an exchange by name; content of calls is not kept.</summary>
/// <param name="Declared">Declared by the request, the provider's own included.</param>
/// <param name="Called">Called in the history that the client replays, or in the answer.</param>
/// <param name="Truncated">Whether names were left out or cut: there are at most 64 in each list, of at most 128 UTF-16 units.</param>
public sealed record RecordedTools(IReadOnlyList<string> Declared, IReadOnlyList<string> Called, bool Truncated);

/// <summary>
/// The evidence of one exchange: exactly one is written for each. Holds ids, sizes, timings and findings, never content. The shape is stored
/// as JSON and served by the management API, so members are only ever added.
/// </summary>
public sealed record DecisionRecord
{
    /// <summary>UUIDv7; quoted in errors and in the header <c>x-gateway-decision-id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>When the exchange began.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How it ended.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>HTTP status sent to the client; 0 when the client was gone before.</summary>
    public int Status { get; init; }

    /// <summary>Wire code of the gateway's own error, if it sent one.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Closed reason behind a refusal, a failure or a cut.</summary>
    public string? Reason { get; init; }

    /// <summary>Tenant; null when no key was valid.</summary>
    public string? Tenant { get; init; }

    /// <summary>Application of the key or token.</summary>
    public string? Application { get; init; }

    /// <summary>Keyed hash of the end user's id.</summary>
    public string? EndUserHash { get; init; }

    /// <summary>Id of the gateway key, or <c>jwt</c>.</summary>
    public string? KeyId { get; init; }

    /// <summary>Wire format, in the words of the telemetry label.</summary>
    public required string Format { get; init; }

    /// <summary>Whether the client asked for a stream.</summary>
    public bool Stream { get; init; }

    /// <summary>Model the client named.</summary>
    public string? ModelRequested { get; init; }

    /// <summary>Model sent to the provider.</summary>
    public string? ModelSent { get; init; }

    /// <summary>Model the provider says it used.</summary>
    public string? ModelReported { get; init; }

    /// <summary>Provider the exchange went to.</summary>
    public string? Provider { get; init; }

    /// <summary>Destination of the provider.</summary>
    public string? Destination { get; init; }

    /// <summary>Number of attempts made upstream; 0: the provider saw nothing.</summary>
    public int Attempts { get; init; }

    /// <summary>HTTP status of the last attempt.</summary>
    public int? UpstreamStatus { get; init; }

    /// <summary>Id of the provider's answer.</summary>
    public string? ResponseId { get; init; }

    /// <summary>Finish reasons in the wire's words.</summary>
    public IReadOnlyList<string> FinishReasons { get; init; } = [];

    /// <summary>Name of the policy applied.</summary>
    public string? Policy { get; init; }

    /// <summary>Version of the snapshot it came from.</summary>
    public string? PolicyVersion { get; init; }

    /// <summary>Revision of the state, overrides included, that the snapshot was made for.</summary>
    public long PolicyRevision { get; init; }

    /// <summary>Which side of a canary it was judged by; null: none ran.</summary>
    public Policies.PolicyVariant? PolicyVariant { get; init; }

    /// <summary>The author's number of the managed system prompt that went before the application's instructions; null: none did.</summary>
    public int? SystemPromptVersion { get; init; }

    /// <summary>The overrides that tightened the policy, at most 64; null: none did. Findings say which of them acted.</summary>
    public IReadOnlyList<string>? Overrides { get; init; }

    /// <summary>The tools of the exchange; null: none.</summary>
    public RecordedTools? Tools { get; init; }

    /// <summary>UTF-16 units of third-party text in the request: documents, tool results; null: none.</summary>
    public long? ThirdPartyText { get; init; }

    /// <summary>All findings, enforced and monitored.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>All guards in order, those that did not run included.</summary>
    public IReadOnlyList<GuardRun> Guards { get; init; } = [];

    /// <summary>Tokens, reported or estimated.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>Bytes of the request body.</summary>
    public long RequestBytes { get; init; }

    /// <summary>Bytes of the response body sent to the client.</summary>
    public long ResponseBytes { get; init; }

    /// <summary>UTF-16 units of request text that guards were given.</summary>
    public long InspectedRequestText { get; init; }

    /// <summary>UTF-16 units of response text that guards were given.</summary>
    public long InspectedResponseText { get; init; }

    /// <summary>UTF-16 units of request text sent to the provider; 0: nothing was sent.</summary>
    public long DeliveredRequestText { get; init; }

    /// <summary>UTF-16 units of the provider's text released to the client.</summary>
    public long DeliveredResponseText { get; init; }

    /// <summary>For each direction and guard, what was delivered and what of it the guard saw.</summary>
    public IReadOnlyList<LedgerLine> Ledger { get; init; } = [];

    /// <summary>From the first byte in to the last byte out.</summary>
    public double DurationMs { get; init; }

    /// <summary>Until the first byte of the answer left for the client.</summary>
    public double? FirstByteMs { get; init; }

    /// <summary>Time the provider took, from the first attempt to its last byte.</summary>
    public double? UpstreamMs { get; init; }

    /// <summary>W3C trace id, when one was recorded.</summary>
    public string? TraceId { get; init; }
}
