using System.Text;
using System.Text.Json;
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
        var json = JsonSerializer.SerializeToUtf8Bytes(record, DecisionJson.Default.DecisionRecord);
        var back = StoreFixture.Parse(json);
        Assert.Equal(record with { Findings = [], Guards = [], FinishReasons = [], Ledger = [] }, back with { Findings = [], Guards = [], FinishReasons = [], Ledger = [] });
        Assert.Equal(record.Findings, back.Findings);
        Assert.Equal(record.Guards, back.Guards);
        Assert.Equal(record.FinishReasons, back.FinishReasons);
        Assert.Equal(record.Ledger, back.Ledger);
    }

    [Fact]
    public void Serialize_full_record_leaves_no_member_out()
    {
        var json = JsonSerializer.SerializeToElement(Records.Full(Records.Noon), DecisionJson.Default.DecisionRecord);
        var members = typeof(DecisionRecord).GetProperties().Select(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name));
        Assert.Equal(members.Order(StringComparer.Ordinal), json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Serialize_enums_are_the_words_of_the_telemetry()
    {
        var text = Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(Records.Full(Records.Noon), DecisionJson.Default.DecisionRecord));
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
            var json = JsonSerializer.SerializeToUtf8Bytes(record, DecisionJson.Default.DecisionRecord);
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
        var text = Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(record, DecisionJson.Default.DecisionRecord));
        Assert.DoesNotContain("<script>", text);
        Assert.All(text, character => Assert.InRange(character, ' ', '~'));
    }
}
