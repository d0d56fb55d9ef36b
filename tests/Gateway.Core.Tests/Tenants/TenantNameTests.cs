using Gateway.Core.Tenants;
using Xunit;

namespace Gateway.Core.Tests.Tenants;

public sealed class TenantNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("acme-support.eu_1")]
    public void IsValid_name_by_the_rule_accepted(string name) => Assert.True(TenantName.IsValid(name));

    [Theory]
    [InlineData("")]
    [InlineData("_other")]
    [InlineData(".")]
    [InlineData("../acme")]
    [InlineData("-a")]
    [InlineData("Acme")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("a\"")]
    [InlineData("аcme")] // a Cyrillic а
    [InlineData("a\0")]
    public void IsValid_other_name_refused(string name) => Assert.False(TenantName.IsValid(name));

    [Fact]
    public void IsValid_at_most_64_characters()
    {
        Assert.True(TenantName.IsValid(new string('a', 64)));
        Assert.False(TenantName.IsValid(new string('a', 65)));
    }
}
