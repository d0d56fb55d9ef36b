using System.Text.Json;
using Gateway.Simulation;
using Xunit;

namespace Gateway.Tests.Simulation;

public sealed class SimulatedArgumentsTests
{
    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"const":7}}}""", """{"a":7}""")]
    [InlineData("""{"type":"object","properties":{"a":{"enum":["x","y"]}}}""", """{"a":"x"}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","format":"email"}}}""", """{"a":"someone@example.com"}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","maxLength":3}}}""", """{"a":"exa"}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer","minimum":5,"multipleOf":4}}}""", """{"a":8}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"number","exclusiveMaximum":0}}}""", """{"a":-1}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":["boolean","null"]}}}""", """{"a":true}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":{"type":"integer"},"minItems":2,"maxItems":5}}}""", """{"a":[1,1]}""")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/b"}},"$defs":{"b":{"type":"boolean"}}}""", """{"a":true}""")]
    [InlineData("""{"type":"object","properties":{"a":{"anyOf":[{"type":"integer"},{"type":"null"}]}}}""", """{"a":1}""")]
    [InlineData("""{"type":"string"}""", "{}")]
    [InlineData("true", "{}")]
    [InlineData("null", "{}")]
    public void Fit_makes_arguments_of_the_schema(string schema, string expected)
    {
        Assert.Equal(expected, SimulatedArguments.Fit(JsonDocument.Parse(schema).RootElement));
    }

    [Fact]
    public void Fit_a_schema_that_refers_to_itself_ends()
    {
        const string schema = """{"type":"object","required":["next"],"properties":{"next":{"$ref":"#"},"other":{"$ref":"#"}}}""";

        Assert.StartsWith("{\"next\":", SimulatedArguments.Fit(JsonDocument.Parse(schema).RootElement), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" {"a":{"b":1}} rest""", """{"a":{"b":1}}""")]
    [InlineData("""{"ü":"é"}""", """{"ü":"é"}""")]
    [InlineData("""{"a":""", null)]
    [InlineData("please", null)]
    public void TryReadObject_takes_the_leading_object(string text, string? expected)
    {
        Assert.Equal(expected, SimulatedArguments.TryReadObject(text));
    }
}
