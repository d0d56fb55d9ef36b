using Gateway.Core.Decisions;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;

namespace Gateway.Core.Exchanges;

/// <summary>
/// Everything known about one exchange while it runs. Mutable, owned by the request that created it, not thread-safe; what remains of it is the
/// <see cref="DecisionRecord"/>.
/// </summary>
public sealed class Exchange
{
    private const int MostOverrides = 64;

    private readonly TimeProvider _time;
    private readonly long _started;
    private long _firstByte;
    private long _upstreamStarted;
    private long _upstreamEnded;

    /// <summary>Begins an exchange now.</summary>
    public Exchange(TimeProvider time, FormatId format, DecisionIds ids)
    {
        _time = time;
        _started = time.GetTimestamp();
        StartedAt = time.GetUtcNow();
        Format = format;
        Id = ids.Next(StartedAt);
    }

    /// <summary>The decision id: time-ordered and unique.</summary>
    public string Id { get; }

    /// <summary>When the exchange began.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>The wire format of the route.</summary>
    public FormatId Format { get; }

    /// <summary>The tenant, once known.</summary>
    public string? Tenant { get; set; }

    /// <summary>The application of the key.</summary>
    public string? Application { get; set; }

    /// <summary>The id of the key.</summary>
    public string? KeyId { get; set; }

    /// <summary>Keyed hash of the end user's id.</summary>
    public string? EndUserHash { get; set; }

    /// <summary>The policy in force, read once.</summary>
    public TenantPolicy? Policy { get; set; }

    /// <summary>The version of its snapshot.</summary>
    public string? PolicyVersion { get; set; }

    /// <summary>The revision of the state it was made for; 0: none.</summary>
    public long PolicyRevision { get; set; }

    /// <summary>Which side of a canary its snapshot is; null: none ran.</summary>
    public PolicyVariant? PolicyVariant { get; set; }

    /// <summary>The number of the managed system prompt that was put into the request; null: none was.</summary>
    public int? SystemPromptVersion { get; set; }

    /// <summary>The request, once read.</summary>
    public ExchangeRequest? Request { get; set; }

    /// <summary>Findings and guard runs, once guards ran.</summary>
    public GuardContext? Guards { get; set; }

    /// <summary>Findings made before or after the request guards: by the reader, on the response.</summary>
    public List<Finding> OtherFindings { get; } = [];

    /// <summary>Tools that the answer calls; null: none.</summary>
    public ToolNames? CalledTools { get; set; }

    /// <summary>The model sent to the provider.</summary>
    public string? ModelSent { get; set; }

    /// <summary>The provider.</summary>
    public string? Provider { get; set; }

    /// <summary>Its destination.</summary>
    public string? Destination { get; set; }

    /// <summary>Attempts made upstream.</summary>
    public int Attempts { get; set; }

    /// <summary>Status of the last attempt.</summary>
    public int? UpstreamStatus { get; set; }

    /// <summary>What the response said of itself.</summary>
    public ResponseFacts Response { get; set; } = ResponseFacts.None;

    /// <summary>Bytes of the request body read.</summary>
    public long RequestBytes { get; set; }

    /// <summary>Bytes of the response body sent.</summary>
    public long ResponseBytes { get; set; }

    /// <summary>Text delivered and inspected, in both directions.</summary>
    public TextLedger Ledger { get; } = new();

    /// <summary>How the exchange ended; null while it runs.</summary>
    public Outcome? Outcome { get; private set; }

    /// <summary>Closed reason behind an outcome other than allowed.</summary>
    public string? Reason { get; private set; }

    /// <summary>The gateway's own error, if it sent one.</summary>
    public ErrorCode? Error { get; private set; }

    /// <summary>HTTP status sent.</summary>
    public int Status { get; set; }

    /// <summary>Trace id, when one is recorded.</summary>
    public string? TraceId { get; set; }

    /// <summary>Time since the exchange began.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_started);

    /// <summary>Sets how the exchange ended. The first word stands: what follows a block is a consequence of it.</summary>
    public void Conclude(Outcome outcome, string? reason = null, ErrorCode? error = null)
    {
        if (Outcome is null)
        {
            Outcome = outcome;
            Reason = reason;
            Error = error;
        }
    }

    /// <summary>The first byte of the answer goes to the client now.</summary>
    public void MarkFirstByte() => _firstByte = _firstByte == 0 ? _time.GetTimestamp() : _firstByte;

    /// <summary>An attempt upstream begins now.</summary>
    public void MarkUpstreamStart() => _upstreamStarted = _upstreamStarted == 0 ? _time.GetTimestamp() : _upstreamStarted;

    /// <summary>The provider's last byte came now.</summary>
    public void MarkUpstreamEnd() => _upstreamEnded = _time.GetTimestamp();

    /// <summary>The evidence. Call once, at the end.</summary>
    public DecisionRecord ToRecord()
    {
        foreach (var (guard, texts) in Guards?.Inspected ?? [])
        {
            Ledger.Inspect(TrafficDirection.Request, guard, texts);
        }

        return Record();
    }

    private DecisionRecord Record() => new()
    {
        Id = Id,
        Time = StartedAt,
        Outcome = Outcome ?? Decisions.Outcome.Failed,
        Status = Status,
        ErrorCode = Error is { } code ? new GatewayError(code, "", "").WireCode : null,
        Reason = Reason,
        Tenant = Tenant,
        Application = Application,
        EndUserHash = EndUserHash,
        KeyId = KeyId,
        Format = TelemetryNames.Of(Format),
        Stream = Request?.Stream ?? false,
        ModelRequested = Request?.Model,
        ModelSent = ModelSent,
        ModelReported = Response.Model,
        Provider = Provider,
        Destination = Destination,
        Attempts = Attempts,
        UpstreamStatus = UpstreamStatus,
        ResponseId = Response.Id,
        FinishReasons = Response.FinishReasons,
        Policy = Policy?.Name,
        PolicyVersion = PolicyVersion,
        PolicyRevision = PolicyRevision,
        PolicyVariant = PolicyVariant,
        SystemPromptVersion = SystemPromptVersion,
        Overrides = Policy is { Emergency.Ids: { IsEmpty: false } ids } ? [.. ids.Take(MostOverrides)] : null,
        Tools = Tools(),
        ThirdPartyText = ThirdPartyText(),
        Findings = AllFindings(),
        Guards = Guards?.Runs ?? (IReadOnlyList<GuardRun>)[],
        Usage = Response.Usage,
        RequestBytes = RequestBytes,
        ResponseBytes = ResponseBytes,
        InspectedRequestText = Ledger.Inspected(TrafficDirection.Request),
        InspectedResponseText = Ledger.Inspected(TrafficDirection.Response),
        DeliveredRequestText = Ledger.Delivered(TrafficDirection.Request),
        DeliveredResponseText = Ledger.Delivered(TrafficDirection.Response),
        Ledger = Ledger.Lines(Policy),
        DurationMs = Elapsed.TotalMilliseconds,
        FirstByteMs = Milliseconds(_started, _firstByte),
        UpstreamMs = Milliseconds(_upstreamStarted, _upstreamEnded),
        TraceId = TraceId,
    };

    private RecordedTools? Tools()
    {
        // Most exchanges have none.
        if (CalledTools is null && Request is not { Content: { Tools.Count: > 0 } or { ToolCalls.Count: > 0 } })
        {
            return null;
        }

        var (declared, called) = (new ToolNames(), CalledTools ?? new ToolNames());
        foreach (var tool in Request?.Content.Tools ?? [])
        {
            declared.Add(tool.Name);
        }

        foreach (var call in Request?.Content.ToolCalls ?? [])
        {
            called.Add(call.Name);
        }

        return new RecordedTools(declared.ToImmutable(), called.ToImmutable(), declared.IsTruncated || called.IsTruncated);
    }

    private long? ThirdPartyText()
    {
        long units = 0;
        foreach (ref readonly var segment in Request is { } request ? request.Content.Segments : default)
        {
            units += segment.Trust == Trust.ThirdParty ? segment.TextLength : 0;
        }

        return units == 0 ? null : units;
    }

    private List<Finding> AllFindings()
    {
        if (Guards is not { Findings.Count: > 0 })
        {
            return OtherFindings;
        }

        return OtherFindings.Count == 0 ? Guards.Findings : [.. Guards.Findings, .. OtherFindings];
    }

    private double? Milliseconds(long from, long to) => from == 0 || to == 0 ? null : _time.GetElapsedTime(from, to).TotalMilliseconds;
}

/// <summary>What a response said of itself.</summary>
/// <param name="Id">The provider's id.</param>
/// <param name="Model">The model it names.</param>
/// <param name="FinishReasons">In the wire's words.</param>
/// <param name="Usage">Tokens reported.</param>
public sealed record ResponseFacts(string? Id, string? Model, IReadOnlyList<string> FinishReasons, TokenUsage? Usage)
{
    /// <summary>No response.</summary>
    public static ResponseFacts None { get; } = new(null, null, [], null);
}
