using System.Text.Json;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;

namespace Gateway.Storage;

/// <summary>The names of members in a record's JSON, escaped once; made from the members themselves.</summary>
internal static class DecisionJsonNames
{
    public static readonly JsonEncodedText Id = Of(nameof(DecisionRecord.Id));
    public static readonly JsonEncodedText Time = Of(nameof(DecisionRecord.Time));
    public static readonly JsonEncodedText Outcome = Of(nameof(DecisionRecord.Outcome));
    public static readonly JsonEncodedText Status = Of(nameof(DecisionRecord.Status));
    public static readonly JsonEncodedText ErrorCode = Of(nameof(DecisionRecord.ErrorCode));
    public static readonly JsonEncodedText Reason = Of(nameof(DecisionRecord.Reason));
    public static readonly JsonEncodedText Tenant = Of(nameof(DecisionRecord.Tenant));
    public static readonly JsonEncodedText Application = Of(nameof(DecisionRecord.Application));
    public static readonly JsonEncodedText EndUserHash = Of(nameof(DecisionRecord.EndUserHash));
    public static readonly JsonEncodedText KeyId = Of(nameof(DecisionRecord.KeyId));
    public static readonly JsonEncodedText Format = Of(nameof(DecisionRecord.Format));
    public static readonly JsonEncodedText Stream = Of(nameof(DecisionRecord.Stream));
    public static readonly JsonEncodedText ModelRequested = Of(nameof(DecisionRecord.ModelRequested));
    public static readonly JsonEncodedText ModelSent = Of(nameof(DecisionRecord.ModelSent));
    public static readonly JsonEncodedText ModelReported = Of(nameof(DecisionRecord.ModelReported));
    public static readonly JsonEncodedText Provider = Of(nameof(DecisionRecord.Provider));
    public static readonly JsonEncodedText Destination = Of(nameof(DecisionRecord.Destination));
    public static readonly JsonEncodedText Attempts = Of(nameof(DecisionRecord.Attempts));
    public static readonly JsonEncodedText UpstreamStatus = Of(nameof(DecisionRecord.UpstreamStatus));
    public static readonly JsonEncodedText ResponseId = Of(nameof(DecisionRecord.ResponseId));
    public static readonly JsonEncodedText FinishReasons = Of(nameof(DecisionRecord.FinishReasons));
    public static readonly JsonEncodedText Policy = Of(nameof(DecisionRecord.Policy));
    public static readonly JsonEncodedText PolicyVersion = Of(nameof(DecisionRecord.PolicyVersion));
    public static readonly JsonEncodedText PolicyRevision = Of(nameof(DecisionRecord.PolicyRevision));
    public static readonly JsonEncodedText PolicyVariant = Of(nameof(DecisionRecord.PolicyVariant));
    public static readonly JsonEncodedText SystemPromptVersion = Of(nameof(DecisionRecord.SystemPromptVersion));
    public static readonly JsonEncodedText Overrides = Of(nameof(DecisionRecord.Overrides));
    public static readonly JsonEncodedText Tools = Of(nameof(DecisionRecord.Tools));
    public static readonly JsonEncodedText ThirdPartyText = Of(nameof(DecisionRecord.ThirdPartyText));
    public static readonly JsonEncodedText Findings = Of(nameof(DecisionRecord.Findings));
    public static readonly JsonEncodedText Guards = Of(nameof(DecisionRecord.Guards));
    public static readonly JsonEncodedText Usage = Of(nameof(DecisionRecord.Usage));
    public static readonly JsonEncodedText RequestBytes = Of(nameof(DecisionRecord.RequestBytes));
    public static readonly JsonEncodedText ResponseBytes = Of(nameof(DecisionRecord.ResponseBytes));
    public static readonly JsonEncodedText InspectedRequestText = Of(nameof(DecisionRecord.InspectedRequestText));
    public static readonly JsonEncodedText InspectedResponseText = Of(nameof(DecisionRecord.InspectedResponseText));
    public static readonly JsonEncodedText DeliveredRequestText = Of(nameof(DecisionRecord.DeliveredRequestText));
    public static readonly JsonEncodedText DeliveredResponseText = Of(nameof(DecisionRecord.DeliveredResponseText));
    public static readonly JsonEncodedText Ledger = Of(nameof(DecisionRecord.Ledger));
    public static readonly JsonEncodedText DurationMs = Of(nameof(DecisionRecord.DurationMs));
    public static readonly JsonEncodedText FirstByteMs = Of(nameof(DecisionRecord.FirstByteMs));
    public static readonly JsonEncodedText UpstreamMs = Of(nameof(DecisionRecord.UpstreamMs));
    public static readonly JsonEncodedText TraceId = Of(nameof(DecisionRecord.TraceId));

    public static readonly JsonEncodedText Guard = Of(nameof(Finding.Guard));
    public static readonly JsonEncodedText Rule = Of(nameof(Finding.Rule));
    public static readonly JsonEncodedText Threat = Of(nameof(Finding.Threat));
    public static readonly JsonEncodedText Surface = Of(nameof(Finding.Surface));
    public static readonly JsonEncodedText Action = Of(nameof(Finding.Action));
    public static readonly JsonEncodedText Severity = Of(nameof(Finding.Severity));
    public static readonly JsonEncodedText Mode = Of(nameof(Finding.Mode));
    public static readonly JsonEncodedText Path = Of(nameof(Finding.Path));
    public static readonly JsonEncodedText Offset = Of(nameof(Finding.Offset));
    public static readonly JsonEncodedText Length = Of(nameof(Finding.Length));
    public static readonly JsonEncodedText Override = Of(nameof(Finding.Override));
    public static readonly JsonEncodedText Message = Of(nameof(Finding.Message));

    public static readonly JsonEncodedText Declared = Of(nameof(RecordedTools.Declared));
    public static readonly JsonEncodedText Called = Of(nameof(RecordedTools.Called));
    public static readonly JsonEncodedText Truncated = Of(nameof(RecordedTools.Truncated));

    public static readonly JsonEncodedText Verdict = Of(nameof(GuardRun.Verdict));
    public static readonly JsonEncodedText Skipped = Of(nameof(GuardRun.Skipped));
    public static readonly JsonEncodedText Microseconds = Of(nameof(GuardRun.Microseconds));

    public static readonly JsonEncodedText Input = Of(nameof(TokenUsage.Input));
    public static readonly JsonEncodedText Output = Of(nameof(TokenUsage.Output));
    public static readonly JsonEncodedText CacheRead = Of(nameof(TokenUsage.CacheRead));
    public static readonly JsonEncodedText CacheWrite = Of(nameof(TokenUsage.CacheWrite));
    public static readonly JsonEncodedText Reasoning = Of(nameof(TokenUsage.Reasoning));

    public static readonly JsonEncodedText Direction = Of(nameof(LedgerLine.Direction));
    public static readonly JsonEncodedText Delivered = Of(nameof(LedgerLine.Delivered));
    public static readonly JsonEncodedText Inspected = Of(nameof(LedgerLine.Inspected));
    public static readonly JsonEncodedText Exempt = Of(nameof(LedgerLine.Exempt));
    public static readonly JsonEncodedText Missing = Of(nameof(LedgerLine.Missing));

    private static JsonEncodedText Of(string member) => JsonEncodedText.Encode(JsonNamingPolicy.CamelCase.ConvertName(member));
}
