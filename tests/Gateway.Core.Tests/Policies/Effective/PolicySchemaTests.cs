using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Effective;
using Gateway.Core.Policies.Yaml;
using Json.Schema;
using Xunit;

namespace Gateway.Core.Tests.Policies.Effective;

public sealed class PolicySchemaTests
{
    // Mistakes that a schema cannot tell: of the text, of the whole folder, of patterns, of names that refer to each other, of words that only YAML knows.
    private static readonly string[] BeyondSchemas =
    [
        "pattern-too-long-for-streams", "patterns-refused", "patterns-that-match-nothing-or-everything", "patterns-too-large-together",
        "patterns-without-a-longest-match", "rules-that-can-never-fire", "half-a-character",
    ];

    private static readonly JsonSchema Schema = JsonSchema.FromText(PolicySchema.Text());

    private static readonly string Folder = TestFolders.InRepository("tests", "Gateway.Core.Tests", "Policies", "Broken");

    public static TheoryData<string> Broken => [.. Directory.GetFiles(Folder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void Text_is_the_committed_file() => Assert.Equal(File.ReadAllText(TestFolders.InRepository("policies", "schema.json")), PolicySchema.Text());

    [Fact]
    public void Text_is_a_schema_of_its_draft() =>
        Assert.True(MetaSchemas.Draft202012.Evaluate(System.Text.Json.JsonDocument.Parse(PolicySchema.Text()).RootElement).IsValid);

    [Fact]
    public void Default_policy_names_the_schema_and_is_valid()
    {
        var text = File.ReadAllText(TestFolders.InRepository("policies", "default.yaml"));

        Assert.StartsWith("# yaml-language-server: $schema=schema.json\n", text);
        Assert.Empty(Mistakes(text));
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void Broken_document_is_refused_where_a_schema_can_tell(string name)
    {
        var errors = new DocumentErrors(name);
        var file = new PolicyFile(name + ".yaml", File.ReadAllBytes(Path.Combine(Folder, name + ".yaml")));
        if (YamlText.Decode(file, errors) is { } text && YamlTree.Read(text, errors) is { } root && errors.All.Count == 0)
        {
            Assert.Equal(!BeyondSchemas.Contains(name), !Schema.Evaluate(System.Text.Json.JsonSerializer.SerializeToElement(Json(root))).IsValid);
        }
    }

    [Fact]
    public void Document_that_compiles_is_never_refused() =>
        Gen.Select(PolicyGenerators.Base, PolicyGenerators.Body, Settings.AnyOf("mode, limits", "\"*\", \"*\"", "models.allow")).Sample(
            (parent, child, locked) =>
            {
                string[] texts = [$"policy: a\ntenants: [t]\n{parent}", $"policy: b\ntenants: [u]\nextends: [a]\nlocked: [{locked}]\n{child}"];
                if (PolicyTestFiles.Compile([.. texts.Select((text, index) => PolicyTestFiles.Document(text, $"{index}.yaml"))]).Snapshot is not null)
                {
                    Assert.All(texts, text => Assert.Empty(Mistakes(text)));
                }
            },
            iter: 300);

    [Theory]
    [InlineData("policy: b\nextends: [a]\ntenants: [t]\nguards: { content: [ { id: r, remove: true } ] }\nmodels: { allow: { add: [o4], remove: [o3] } }", true)]
    [InlineData("policy: b\nextends: [a]\ntenants: [t]\nlimits: { requests: { burst: 3 } }\nguards: { content: { add: [ { id: r, mode: monitor } ] } }", true)]
    [InlineData("policy: b\nabstract: true\nmode: monitor", true)]
    [InlineData("policy: b\nappliesTo: [ { application: x, model: gpt-4o*, format: gemini } ]\nmodels: { allow: [o3] }", true)]
    [InlineData("policy: b\nabstract: true\ntenants: [t]", false)]
    [InlineData("policy: b\nextends: [a]", false)]
    [InlineData("policy: b\ntenants: [t]", false)]
    [InlineData("policy: b\ntenants: [t]\nmodels: { alias: { a: b } }", false)]
    [InlineData("policy: b\ntenants: [t]\nmodels: { allow: [o3] }\nlimits: { requests: { burst: 3 } }", false)]
    [InlineData("policy: b\ntenants: [t]\nmodels: { allow: [o3] }\nguards: { content: [ { id: r, surfaces: [user] } ] }", false)]
    [InlineData("policy: b\nextends: [a]\ntenants: [t]\nguards: { content: [ { id: r, match: x, terms: [y] } ] }", false)]
    [InlineData("policy: b\nextends: [a]\ntenants: [t]\nguards: { content: [ { id: r, remove: false } ] }", false)]
    [InlineData("policy: b\nextends: [a]\ntenants: [t]\nmodels: { allow: { ad: [o4] } }", false)]
    [InlineData("policy: b\nextends: [a]\ntenants: [t]\nmodels: { allow: {} }", false)]
    [InlineData("policy: 12\ntenants: [t]\nmodels: { allow: [o3] }", false)]
    [InlineData("policy: b\ntenants: [a*]\nmodels: { allow: [o3] }", false)]
    public void Document_is_valid_where_its_shape_is(string text, bool isValid) => Assert.Equal(isValid, Mistakes(text).Count == 0);

    private static List<string> Mistakes(string text)
    {
        var errors = new DocumentErrors("p.yaml");
        var result = Schema.Evaluate(
            System.Text.Json.JsonSerializer.SerializeToElement(Json(YamlTree.Read(text, errors)!)), new EvaluationOptions { OutputFormat = OutputFormat.List });
        return result.IsValid ? [] : [.. result.Details!.Where(detail => detail.Errors is not null).Select(detail => $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!)}")];
    }

    // As the core schema of YAML 1.2 reads it, which editors follow.
    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMapping mapping => new JsonObject([.. mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key.Value, Json(entry.Value)))]),
        YamlSequence list => new JsonArray([.. list.Items.Select(Json)]),
        YamlScalar { IsPlain: true } plain => Plain(plain.Value),
        YamlScalar scalar => JsonValue.Create(scalar.Value),
        _ => null,
    };

    private static JsonNode? Plain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ when text.TrimStart('+', '-').Length > 0 && text.TrimStart('+', '-').All(char.IsAsciiDigit) && long.TryParse(text, CultureInfo.InvariantCulture, out var whole) => whole,
        _ when text.Any(char.IsAsciiDigit) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) => real,
        _ => JsonValue.Create(text),
    };
}
