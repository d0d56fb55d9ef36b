using System.Text.Json;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;
using Names = Gateway.Storage.DecisionJsonNames;

namespace Gateway.Storage;

/// <summary>
/// Writes records in the form that <see cref="DecisionJson"/> declares, byte for byte. The serializer looks a converter up for every enum and
/// nullable member, which at one record an exchange shows in the cost of a small one. A member that is missing here fails the tests.
/// </summary>
internal static class DecisionJsonWriter
{
    private static readonly EnumWords<Outcome> Outcomes = new();
    private static readonly EnumWords<Verdict> Verdicts = new();
    private static readonly EnumWords<GuardId> GuardIds = new();
    private static readonly EnumWords<Threat> Threats = new();
    private static readonly EnumWords<Surface> Surfaces = new(SurfaceWord.Of);
    private static readonly EnumWords<PolicyAction> Actions = new();
    private static readonly EnumWords<Severity> Severities = new();
    private static readonly EnumWords<GuardMode> Modes = new();
    private static readonly EnumWords<TrafficDirection> Directions = new();
    private static readonly EnumWords<PolicyVariant> Variants = new();

    /// <summary>Writes <paramref name="record"/> as one object.</summary>
    /// <exception cref="JsonException">An enum has a value without a word.</exception>
    /// <exception cref="ArgumentException">A number that JSON does not have.</exception>
    public static void Write(Utf8JsonWriter json, DecisionRecord record)
    {
        json.WriteStartObject();
        WriteEnding(json, record);
        WriteSender(json, record);
        WriteUpstream(json, record);
        WritePolicy(json, record);
        WriteText(json, record);
        WriteTimes(json, record);
        json.WriteEndObject();
    }

    private static void WriteEnding(Utf8JsonWriter json, DecisionRecord record)
    {
        json.WriteString(Names.Id, record.Id);
        json.WriteString(Names.Time, record.Time);
        json.WriteString(Names.Outcome, Outcomes.Of(record.Outcome));
        json.WriteNumber(Names.Status, record.Status);
        WriteOptional(json, Names.ErrorCode, record.ErrorCode);
        WriteOptional(json, Names.Reason, record.Reason);
    }

    private static void WriteSender(Utf8JsonWriter json, DecisionRecord record)
    {
        WriteOptional(json, Names.Tenant, record.Tenant);
        WriteOptional(json, Names.Application, record.Application);
        WriteOptional(json, Names.EndUserHash, record.EndUserHash);
        WriteOptional(json, Names.KeyId, record.KeyId);
        json.WriteString(Names.Format, record.Format);
        json.WriteBoolean(Names.Stream, record.Stream);
        WriteOptional(json, Names.ModelRequested, record.ModelRequested);
        WriteOptional(json, Names.ModelSent, record.ModelSent);
        WriteOptional(json, Names.ModelReported, record.ModelReported);
    }

    private static void WriteUpstream(Utf8JsonWriter json, DecisionRecord record)
    {
        WriteOptional(json, Names.Provider, record.Provider);
        WriteOptional(json, Names.Destination, record.Destination);
        json.WriteNumber(Names.Attempts, record.Attempts);
        if (record.UpstreamStatus is { } status)
        {
            json.WriteNumber(Names.UpstreamStatus, status);
        }

        WriteOptional(json, Names.ResponseId, record.ResponseId);
        json.WriteStartArray(Names.FinishReasons);
        foreach (var reason in record.FinishReasons)
        {
            json.WriteStringValue(reason);
        }

        json.WriteEndArray();
    }

    private static void WritePolicy(Utf8JsonWriter json, DecisionRecord record)
    {
        WriteOptional(json, Names.Policy, record.Policy);
        WriteOptional(json, Names.PolicyVersion, record.PolicyVersion);
        json.WriteNumber(Names.PolicyRevision, record.PolicyRevision);
        if (record.PolicyVariant is { } variant)
        {
            json.WriteString(Names.PolicyVariant, Variants.Of(variant));
        }

        if (record.SystemPromptVersion is { } prompt)
        {
            json.WriteNumber(Names.SystemPromptVersion, prompt);
        }

        WriteOptional(json, Names.Overrides, record.Overrides);
        WriteTools(json, record.Tools);
        if (record.ThirdPartyText is { } units)
        {
            json.WriteNumber(Names.ThirdPartyText, units);
        }

        json.WriteStartArray(Names.Findings);
        for (var i = 0; i < record.Findings.Count; i++)
        {
            WriteFinding(json, record.Findings[i]);
        }

        json.WriteEndArray();
        json.WriteStartArray(Names.Guards);
        for (var i = 0; i < record.Guards.Count; i++)
        {
            WriteRun(json, record.Guards[i]);
        }

        json.WriteEndArray();
    }

    private static void WriteTools(Utf8JsonWriter json, RecordedTools? tools)
    {
        if (tools is not null)
        {
            json.WriteStartObject(Names.Tools);
            WriteOptional(json, Names.Declared, tools.Declared);
            WriteOptional(json, Names.Called, tools.Called);
            json.WriteBoolean(Names.Truncated, tools.Truncated);
            json.WriteEndObject();
        }
    }

    private static void WriteFinding(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString(Names.Guard, GuardIds.Of(finding.Guard));
        json.WriteString(Names.Rule, finding.Rule);
        json.WriteString(Names.Threat, Threats.Of(finding.Threat));
        json.WriteString(Names.Surface, Surfaces.Of(finding.Surface));
        json.WriteString(Names.Action, Actions.Of(finding.Action));
        json.WriteString(Names.Severity, Severities.Of(finding.Severity));
        json.WriteString(Names.Mode, Modes.Of(finding.Mode));
        WriteOptional(json, Names.Path, finding.Path);
        json.WriteNumber(Names.Offset, finding.Offset);
        json.WriteNumber(Names.Length, finding.Length);
        WriteOptional(json, Names.Message, finding.Message);
        WriteOptional(json, Names.Override, finding.Override);
        json.WriteEndObject();
    }

    private static void WriteRun(Utf8JsonWriter json, GuardRun run)
    {
        json.WriteStartObject();
        json.WriteString(Names.Guard, GuardIds.Of(run.Guard));
        if (run.Verdict is { } verdict)
        {
            json.WriteString(Names.Verdict, Verdicts.Of(verdict));
        }

        WriteOptional(json, Names.Skipped, run.Skipped);
        json.WriteNumber(Names.Microseconds, run.Microseconds);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, DecisionRecord record)
    {
        if (record.Usage is { } usage)
        {
            json.WriteStartObject(Names.Usage);
            json.WriteNumber(Names.Input, usage.Input);
            json.WriteNumber(Names.Output, usage.Output);
            json.WriteNumber(Names.CacheRead, usage.CacheRead);
            json.WriteNumber(Names.CacheWrite, usage.CacheWrite);
            json.WriteNumber(Names.Reasoning, usage.Reasoning);
            json.WriteEndObject();
        }

        json.WriteNumber(Names.RequestBytes, record.RequestBytes);
        json.WriteNumber(Names.ResponseBytes, record.ResponseBytes);
        json.WriteNumber(Names.InspectedRequestText, record.InspectedRequestText);
        json.WriteNumber(Names.InspectedResponseText, record.InspectedResponseText);
        json.WriteNumber(Names.DeliveredRequestText, record.DeliveredRequestText);
        json.WriteNumber(Names.DeliveredResponseText, record.DeliveredResponseText);
        json.WriteStartArray(Names.Ledger);
        for (var i = 0; i < record.Ledger.Count; i++)
        {
            WriteLine(json, record.Ledger[i]);
        }

        json.WriteEndArray();
    }

    private static void WriteLine(Utf8JsonWriter json, LedgerLine line)
    {
        json.WriteStartObject();
        json.WriteString(Names.Direction, Directions.Of(line.Direction));
        json.WriteString(Names.Guard, GuardIds.Of(line.Guard));
        json.WriteNumber(Names.Delivered, line.Delivered);
        json.WriteNumber(Names.Inspected, line.Inspected);
        json.WriteNumber(Names.Exempt, line.Exempt);
        json.WriteNumber(Names.Missing, line.Missing);
        json.WriteEndObject();
    }

    private static void WriteTimes(Utf8JsonWriter json, DecisionRecord record)
    {
        json.WriteNumber(Names.DurationMs, record.DurationMs);
        WriteOptional(json, Names.FirstByteMs, record.FirstByteMs);
        WriteOptional(json, Names.UpstreamMs, record.UpstreamMs);
        WriteOptional(json, Names.TraceId, record.TraceId);
    }

    private static void WriteOptional(Utf8JsonWriter json, JsonEncodedText name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static void WriteOptional(Utf8JsonWriter json, JsonEncodedText name, IReadOnlyList<string>? texts)
    {
        if (texts is null)
        {
            return;
        }

        json.WriteStartArray(name);
        for (var i = 0; i < texts.Count; i++)
        {
            json.WriteStringValue(texts[i]);
        }

        json.WriteEndArray();
    }

    private static void WriteOptional(Utf8JsonWriter json, JsonEncodedText name, double? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }
}
