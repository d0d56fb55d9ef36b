using Gateway.Core.Formats;
using Gateway.Proxy;

namespace Gateway.Tests.Proxy.SmallFormats;

public sealed class AzureProviderTests
{
    [Theory]
    [InlineData("https://x.openai.azure.com", "https://x.openai.azure.com/")]
    [InlineData("https://x.openai.azure.com/", "https://x.openai.azure.com/")]
    [InlineData("https://x.openai.azure.com/openai", "https://x.openai.azure.com/")]
    [InlineData("https://x.openai.azure.com/openai/v1/", "https://x.openai.azure.com/")]
    [InlineData("https://proxy.example/azure", "https://proxy.example/azure/")]
    public void NormalizeBase_takes_what_people_write(string written, string address) => Assert.Equal(address, Profile.NormalizeBase(written).AbsoluteUri);

    [Fact]
    public void Create_key_without_an_address_is_a_mistake()
    {
        var error = Assert.Throws<OptionsException>(() => ProviderCatalog.Create(With(new ProviderOptions { ApiKey = "k" }), _ => null, simulation: null));
        Assert.Contains("Gateway:Providers:azure:BaseUrl", Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_key_of_the_environment_goes_to_the_configured_address()
    {
        var catalog = ProviderCatalog.Create(With(new ProviderOptions { BaseUrl = "https://x.example" }), Environment, simulation: null);
        Assert.Equal("from-environment", Assert.Single(catalog.All).Credential);
    }

    [Fact]
    public void Create_key_of_the_environment_alone_configures_nothing()
    {
        Assert.False(ProviderCatalog.AnyConfigured(new GatewayOptions(), Environment));
        Assert.Empty(ProviderCatalog.Create(new GatewayOptions(), Environment, simulation: null).All);
    }

    private static ProviderProfile Profile => ProviderProfile.All.Single(profile => profile.Name == "azure");

    private static GatewayOptions With(ProviderOptions azure) => new() { Providers = { ["azure"] = azure } };

    private static string? Environment(string name) => name == "AZURE_OPENAI_API_KEY" ? "from-environment" : null;
}
