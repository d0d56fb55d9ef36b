using CsCheck;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;

namespace Gateway.Tests.Storage;

/// <summary>Records of any shape: every member present or not, any text (markup, controls, lone surrogates), any number.</summary>
internal static class RecordGen
{
    private static readonly Gen<string> Text = Gen.OneOf(Gen.String[Gen.Char.AlphaNumeric, 0, 40], Gen.String[0, 20]);

    private static readonly Gen<string?> Maybe = Gen.Select(Gen.Bool, Text, (given, text) => given ? text : null);

    private static readonly Gen<double?> MaybeNumber =
        Gen.OneOf(Gen.Double[0, 1], Gen.Double[-1e12, 1e12], Gen.Double[-1e300, 1e300], Gen.Int.Select(number => number / 8.0)).Nullable();

    private static readonly Gen<DateTimeOffset> Time =
        Gen.Select(Gen.DateTime[new DateTime(1971, 1, 1, 0, 0, 0, DateTimeKind.Unspecified), new DateTime(2999, 1, 1, 0, 0, 0, DateTimeKind.Unspecified)], Gen.Int[-14, 14])
            .Select((time, hours) => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Unspecified), TimeSpan.FromHours(hours)));

    private static readonly Gen<Finding> Finding = Gen.Select(
        Gen.Select(Gen.Enum<GuardId>(), Text, Gen.Enum<Threat>(), Gen.Enum<Surface>()),
        Gen.Select(Gen.Enum<PolicyAction>(), Gen.Enum<Severity>(), Gen.Enum<GuardMode>()),
        Gen.Select(Maybe, Gen.Long, Gen.Int, Maybe, Maybe),
        (what, how, where) => new Finding(
            what.Item1, what.Item2, what.Item3, what.Item4, how.Item1, how.Item2, how.Item3, where.Item1, where.Item2, where.Item3, where.Item4, where.Item5));

    private static readonly Gen<RecordedTools?> Tools = Gen.Select(Gen.Bool, Text.Array[0, 3], Text.Array[0, 3], Gen.Bool)
        .Select((given, declared, called, truncated) => given ? new RecordedTools(declared, called, truncated) : null);

    private static readonly Gen<(string[]? Overrides, RecordedTools? Tools, long? Units)> Emergency =
        Gen.Select(Gen.Select(Gen.Bool, Text.Array[0, 3]), Tools, Gen.Long.Nullable())
            .Select((overrides, tools, units) => (overrides.Item1 ? overrides.Item2 : null, tools, units));

    private static readonly Gen<GuardRun> Run = Gen.Select(Gen.Enum<GuardId>(), Gen.Enum<Verdict>().Nullable(), Maybe, Gen.Long)
        .Select((guard, verdict, skipped, time) => new GuardRun(guard, verdict, skipped, time));

    private static readonly Gen<LedgerLine> Line = Gen.Select(Gen.Enum<TrafficDirection>(), Gen.Enum<GuardId>(), Gen.Long, Gen.Long, Gen.Long, Gen.Long)
        .Select((direction, guard, delivered, inspected, exempt, missing) => new LedgerLine(direction, guard, delivered, inspected, exempt, missing));

    private static readonly Gen<TokenUsage?> Usage = Gen.Select(Gen.Long, Gen.Long, Gen.Long, Gen.Long, Gen.Long)
        .Select((input, output, read, write, reasoning) => new TokenUsage(input, output, read, write, reasoning)).Nullable();

    public static readonly Gen<DecisionRecord> Record = Gen.Select(
        Gen.Select(Text, Time, Gen.Enum<Outcome>(), Gen.Int, Maybe.Array[15], Gen.Bool),
        Gen.Select(Gen.Int.Nullable(), Text.Array[0, 3], Finding.Array[0, 3], Run.Array[0, 5], Line.Array[0, 3], Usage),
        Gen.Select(Gen.Long.Array[8], MaybeNumber.Array[3], Emergency),
        (who, what, amounts) => Make(who, what, amounts.Item1, amounts.Item2) with
        {
            Overrides = amounts.Item3.Overrides, Tools = amounts.Item3.Tools, ThirdPartyText = amounts.Item3.Units,
        });

    private static DecisionRecord Make(
        (string Id, DateTimeOffset Time, Outcome Outcome, int Status, string?[] Texts, bool Stream) who,
        (int? Status, string[] Finish, Finding[] Findings, GuardRun[] Guards, LedgerLine[] Ledger, TokenUsage? Usage) what,
        long[] amounts,
        double?[] times) => new()
    {
        Id = who.Id,
        Time = who.Time,
        Outcome = who.Outcome,
        Status = who.Status,
        ErrorCode = who.Texts[0],
        Reason = who.Texts[1],
        Tenant = who.Texts[2],
        Application = who.Texts[3],
        EndUserHash = who.Texts[4],
        KeyId = who.Texts[5],
        Format = who.Texts[6] ?? "openai_chat",
        Stream = who.Stream,
        ModelRequested = who.Texts[7],
        ModelSent = who.Texts[8],
        ModelReported = who.Texts[9],
        Provider = who.Texts[10],
        Destination = who.Texts[11],
        Attempts = (int)amounts[0],
        UpstreamStatus = what.Status,
        ResponseId = who.Texts[12],
        FinishReasons = what.Finish,
        Policy = who.Texts[13],
        PolicyVersion = who.Texts[14],
        PolicyRevision = amounts[1],
        SystemPromptVersion = what.Status,
        PolicyVariant = what.Status is { } status ? (PolicyVariant)(status & 1) : null,
        Findings = what.Findings,
        Guards = what.Guards,
        Usage = what.Usage,
        RequestBytes = amounts[2],
        ResponseBytes = amounts[3],
        InspectedRequestText = amounts[4],
        InspectedResponseText = amounts[5],
        DeliveredRequestText = amounts[6],
        DeliveredResponseText = amounts[7],
        Ledger = what.Ledger,
        DurationMs = times[0] ?? 0,
        FirstByteMs = times[1],
        UpstreamMs = times[2],
        TraceId = who.Texts[0],
    };
}
