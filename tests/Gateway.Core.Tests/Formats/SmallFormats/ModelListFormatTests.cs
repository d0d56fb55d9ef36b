using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.Models;
using Gateway.Core.Policies;
using Gateway.Core.Tests.Formats.Requests;
using Xunit;

namespace Gateway.Core.Tests.Formats.SmallFormats;

public sealed class ModelListFormatTests
{
    private static readonly ModelRules s_rules = new()
    {
        Allow = ["gpt-4o*", "exact"],
        Aliases = new Dictionary<string, string> { ["fast"] = "gpt-4o-mini", ["hidden"] = "o9", ["gpt-4o-old"] = "o9" }.ToFrozenDictionary(StringComparer.Ordinal),
    };

    private static readonly ListedModel[] s_provider = [new("gpt-4o-mini", "Mini", 5, "openai"), new("gpt-4o"), new("o9"), new("gpt-4o-old"), new("gpt-4o")];

    public static TheoryData<IModelListFormat> Formats => [new OpenAIModelsFormat(), new AnthropicModelsFormat()];

    [Fact]
    public void Of_known_provider_lists_what_it_has_and_the_model_rule_lets_through() =>
        Assert.Equal(["fast", "gpt-4o", "gpt-4o-mini"], UsableModels.Of(s_rules, s_provider).Select(model => model.Id));

    [Fact]
    public void Of_unknown_provider_lists_the_names_that_the_policy_spells_out() =>
        Assert.Equal(["exact", "fast"], UsableModels.Of(s_rules, null).Select(model => model.Id));

    [Fact]
    public void Of_every_listed_name_may_be_used() =>
        Assert.All(UsableModels.Of(s_rules, s_provider), model => Assert.True(s_rules.Allows(s_rules.Resolve(model.Id))));

    [Fact]
    public void Find_alias_does_not_say_what_stands_behind_it()
    {
        var model = UsableModels.Find(s_rules, "fast", s_provider);
        Assert.Equal(new ListedModel("fast", null, 5, "openai"), model);
    }

    [Theory]
    [InlineData("gpt-4o-unlisted", true)]
    [InlineData("exact", true)]
    [InlineData("o9", false)]
    [InlineData("hidden", false)]
    [InlineData("gpt-4o-old", false)]
    [InlineData("", false)]
    public void Find_goes_by_the_model_rule(string name, bool found) => Assert.Equal(found, UsableModels.Find(s_rules, name, s_provider) is not null);

    [Theory]
    [MemberData(nameof(Formats))]
    public void WriteList_is_read_again_and_every_word_of_it_inspected(IModelListFormat format)
    {
        var body = List(format, default);
        Assert.Equal(["a", "b\"", "c"], format.ReadList(body)!.Select(model => model.Id));
        using var content = new MessageContent();
        Assert.True(format.TryReadResponse(body, content), content.ErrorCode);
        Assert.Contains("b\"", content.Text.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void WriteOne_is_an_answer_of_the_format(IModelListFormat format)
    {
        var output = new ArrayBufferWriter<byte>();
        format.WriteOne(new ListedModel("blue falcon", null, long.MaxValue), output);
        using var content = new MessageContent();
        Assert.True(format.TryReadResponse(output.WrittenMemory, content), content.ErrorCode);
        Assert.Contains("blue falcon", content.Text.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, null, "abc", false)]
    [InlineData(2, null, null, "ab", true)]
    [InlineData(2, "a", null, "bc", false)]
    [InlineData(1, null, "c", "b", true)]
    [InlineData(5, "c", null, "", false)]
    public void WriteList_anthropic_pages(int? limit, string? after, string? before, string ids, bool hasMore)
    {
        var page = JsonSerializer.Deserialize<JsonElement>(List(new AnthropicModelsFormat(), new ModelPage(limit, after, before)).Span);
        Assert.Equal(ids, string.Concat(page.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()![0])));
        Assert.Equal(hasMore, page.GetProperty("has_more").GetBoolean());
    }

    [Theory]
    [InlineData("{\"data\":{}}")]
    [InlineData("{\"data\":[],\"data\":[]}")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{\"error\":{\"message\":\"x\"}}")]
    public void ReadList_what_is_no_list_is_not_known(string body) => Assert.Null(new OpenAIModelsFormat().ReadList(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void ReadList_leaves_out_what_is_no_model() =>
        Assert.Equal(["a"], new OpenAIModelsFormat().ReadList(Encoding.UTF8.GetBytes($"{{\"data\":[1,\"x\",{{}},{{\"id\":\"\"}},{{\"id\":7}},{{\"id\":\"{new string('x', 300)}\"}},{{\"id\":\"a\",\"created\":-5}}]}}"))!.Select(model => model.Id));

    [Theory]
    [MemberData(nameof(Formats))]
    public void ReadRequest_body_is_refused(IModelListFormat format)
    {
        Assert.Equal("body_not_taken", Reading.Of(format, "{\"model\":\"m\"}").Fault?.Reason);
        Assert.Null(Reading.Of(format, "").Fault);
    }

    [Theory]
    [InlineData("2024-10-21", true, true)]
    [InlineData("2025-03-01-preview", true, true)]
    [InlineData("preview", false, true)]
    [InlineData("v1", false, true)]
    [InlineData("2024-10-21-", false, false)]
    [InlineData("2024-10-32", false, false)]
    [InlineData("2024-10-21-preview-preview", false, false)]
    [InlineData("-preview", false, false)]
    [InlineData("", false, false)]
    [InlineData("2024-10-21\n", false, false)]
    public void Azure_version_is_a_date_on_deployments_and_may_be_a_name_below_v1(string version, bool deployment, bool named)
    {
        Assert.Equal(deployment, AzureEndpoints.Deployment("/x").Query[0].Allows(version));
        Assert.Equal(named, AzureEndpoints.Versioned("/x").Query[0].Allows(version));
    }

    private static ReadOnlyMemory<byte> List(IModelListFormat format, ModelPage page)
    {
        var output = new ArrayBufferWriter<byte>();
        format.WriteList([new ListedModel("a", "A", 1, "me"), new ListedModel("b\""), new ListedModel("c")], page, output);
        return output.WrittenMemory;
    }
}
