using Gateway.Core.Formats;
using Xunit;

namespace Gateway.Core.Tests.Formats;

public sealed class WireEndpointTests
{
    [Theory]
    [InlineData("/v1/x", "/V1/X", true)]
    [InlineData("/v1/x", "/v1/xy", false)]
    [InlineData("/v1/models/{model}:go", "/v1/models/m-1:go", true)]
    [InlineData("/v1/models/{model}:go", "/v1/models/m-1:GO", true)]
    [InlineData("/v1/models/{model}:go", "/v1/models/:go", false)]
    [InlineData("/v1/models/{model}:go", "/v1/models/a/b:go", false)]
    [InlineData("/v1/models/{model}:go", "/v1/models/m-1:come", false)]
    public void IsRoute_finds_the_route_of_a_path(string route, string path, bool expected) => Assert.Equal(expected, WireEndpoint.IsRoute(route, path));

    [Theory]
    [InlineData("sse", StreamFraming.Events)]
    [InlineData("json", StreamFraming.JsonArray)]
    [InlineData("SSE", StreamFraming.JsonArray)]
    [InlineData(null, StreamFraming.JsonArray)]
    public void FramingFor_is_events_only_when_they_are_asked_for(string? alt, StreamFraming expected)
    {
        var endpoint = new WireEndpoint { Provider = "p", Routes = [], UpstreamPath = "/", AsksForEvents = ("alt", "sse") };
        Assert.Equal(expected, endpoint.FramingFor(_ => alt));
        Assert.Equal(StreamFraming.Events, (endpoint with { AsksForEvents = null }).FramingFor(_ => alt));
    }

    [Theory]
    [InlineData("https://host", "https://host/")]
    [InlineData("https://host/v1beta/", "https://host/")]
    [InlineData("https://host/proxy/v1", "https://host/proxy/")]
    [InlineData("https://host/proxy", "https://host/proxy/")]
    public void NormalizeBase_of_gemini_has_no_version(string written, string expected) =>
        Assert.Equal(expected, ProviderProfile.All.Single(profile => profile.Name == "gemini").NormalizeBase(written).AbsoluteUri);
}
