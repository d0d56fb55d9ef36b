using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Storage;
using Xunit;

namespace Gateway.Tests.Storage;

public sealed class DecisionJsonTests
{
    [Fact]
    public void Serialize_record_comes_back_with_every_member()
    {
        var record = Records.Full(Records.Noon);
        var json = Written(record);
        var back = StoreFixture.Parse(json);
        Assert.Equal(WithoutLists(record), WithoutLists(back));
        Assert.Equal(record.Overrides, back.Overrides);
        Assert.Equal(record.Tools!.Declared, back.Tools!.Declared);
        Assert.Equal(record.Tools.Called, back.Tools.Called);
        Assert.Equal(record.Tools.Truncated, back.Tools.Truncated);
        Assert.Equal(record.Findings, back.Findings);
        Assert.Equal(record.Guards, back.Guards);
        Assert.Equal(record.FinishReasons, back.FinishReasons);
        Assert.Equal(record.Ledger, back.Ledger);
    }

    [Fact]
    public void Serialize_full_record_leaves_no_member_out()
    {
        using var document = JsonDocument.Parse(Written(Records.Full(Records.Noon)));
        var json = document.RootElement;
        var members = typeof(DecisionRecord).GetProperties().Select(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name));
        Assert.Equal(members.Order(StringComparer.Ordinal), json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Serialize_enums_are_the_words_of_the_telemetry()
    {
        var text = Encoding.UTF8.GetString(Written(Records.Full(Records.Noon)));
        foreach (var word in (string[])["upstream_failed", "personal_data", "tool_result", "envelope", "would_redact", "monitor", "redact", "critical"])
        {
            Assert.Contains($"\"{word}\"", text);
        }
    }

    [Fact]
    public void Serialize_every_value_of_every_enum_comes_back()
    {
        foreach (var surface in Enum.GetValues<Surface>())
        {
            var finding = new Finding(GuardId.Other, "r", Threat.Other, surface, PolicyAction.Allow, Severity.Low, GuardMode.Off);
            var record = Records.At(Records.Noon) with { Findings = [finding] };
            var json = Written(record);
            Assert.Equal(finding, Assert.Single(StoreFixture.Parse(json).Findings));
        }

        foreach (var outcome in Enum.GetValues<Outcome>())
        {
            Assert.True(OutcomeWords.TryParse(OutcomeWords.Of(outcome), out var back));
            Assert.Equal(outcome, back);
        }
    }

    [Fact]
    public void Serialize_text_that_is_markup_is_escaped()
    {
        var record = Records.At(Records.Noon) with { ModelRequested = "<script>\u202e\"" };
        var text = Encoding.UTF8.GetString(Written(record));
        Assert.DoesNotContain("<script>", text);
        Assert.All(text, character => Assert.InRange(character, ' ', '~'));
    }

    [Fact]
    public void Write_any_record_is_what_the_serializer_writes() => RecordGen.Record.Sample(
        record => Encoding.UTF8.GetString(Written(record)) == Encoding.UTF8.GetString(Serialized(record)),
        print: record => Encoding.UTF8.GetString(Serialized(record)));

    [Fact]
    public void Write_full_record_is_what_the_serializer_writes()
    {
        var record = Records.Full(Records.Noon);
        Assert.Equal(Encoding.UTF8.GetString(Serialized(record)), Encoding.UTF8.GetString(Written(record)));
    }

    [Fact]
    public void Write_value_outside_an_enum_is_refused_as_by_the_serializer()
    {
        var record = Records.At(Records.Noon, outcome: (Outcome)200);
        Assert.Throws<JsonException>(() => Serialized(record));
        Assert.Throws<JsonException>(() => Written(record));
    }

    [Fact]
    public void Write_number_that_JSON_does_not_have_is_refused_as_by_the_serializer()
    {
        var record = Records.At(Records.Noon) with { DurationMs = double.NaN };
        Assert.ThrowsAny<ArgumentException>(() => Serialized(record));
        Assert.ThrowsAny<ArgumentException>(() => Written(record));
    }

    private static DecisionRecord WithoutLists(DecisionRecord record) =>
        record with { Findings = [], Guards = [], FinishReasons = [], Ledger = [], Overrides = null, Tools = null };

    private static byte[] Serialized(DecisionRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, DecisionJson.Default.DecisionRecord);

    private static byte[] Written(DecisionRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        DecisionJsonWriter.Write(json, record);
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
