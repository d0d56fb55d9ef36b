namespace Gateway.Core.Telemetry;

/// <summary>
/// Names of span attributes. Those of <c>gen_ai</c>, <c>server</c> and <c>error</c> are OpenTelemetry semantic conventions v1.41.1
/// (development status, hence one place); <c>gateway.*</c> are our own. None ever carries content.
/// </summary>
public static class TraceAttributes
{
#pragma warning disable CS1591 // the values are the names
    public const string GenAiOperation = "gen_ai.operation.name";
    public const string GenAiProvider = "gen_ai.provider.name";
    public const string GenAiRequestModel = "gen_ai.request.model";
    public const string GenAiRequestStream = "gen_ai.request.stream";
    public const string GenAiResponseId = "gen_ai.response.id";
    public const string GenAiResponseModel = "gen_ai.response.model";
    public const string GenAiFinishReasons = "gen_ai.response.finish_reasons";
    public const string GenAiTimeToFirstChunk = "gen_ai.response.time_to_first_chunk";
    public const string GenAiInputTokens = "gen_ai.usage.input_tokens";
    public const string GenAiOutputTokens = "gen_ai.usage.output_tokens";
    public const string GenAiCacheReadTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string GenAiCacheWriteTokens = "gen_ai.usage.cache_write.input_tokens";
    public const string GenAiReasoningTokens = "gen_ai.usage.reasoning.output_tokens";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string ErrorType = "error.type";

    public const string DecisionId = "gateway.decision.id";
    public const string TenantId = "gateway.tenant.id";
    public const string PolicyName = "gateway.policy.name";
    public const string PolicyVersion = "gateway.policy.version";
    public const string Overrides = "gateway.overrides";
    public const string Outcome = "gateway.outcome";
    public const string Reason = "gateway.reason";
    public const string Format = "gateway.format";
    public const string ModelRequested = "gateway.model.requested";
    public const string ViolationThreat = "gateway.violation.threat";
    public const string ViolationGuard = "gateway.violation.guard";
    public const string ViolationRule = "gateway.violation.rule";
    public const string Tainted = "gateway.tainted";
    public const string FailOpen = "gateway.fail_open";
    public const string InspectedText = "gateway.inspected.text_length";
    public const string DeliveredBytes = "gateway.delivered.bytes";
    public const string AddedLatencyMs = "gateway.added_latency_ms";
    public const string Attempts = "gateway.upstream.attempts";
    public const string Destination = "gateway.upstream.destination";
    public const string Guard = "gateway.guard";
    public const string Verdict = "gateway.verdict";
    public const string DurationUs = "gateway.duration_us";
}
