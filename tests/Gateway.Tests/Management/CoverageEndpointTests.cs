using System.Net;
using Gateway.Core.Coverage;
using Gateway.Core.Formats.Coverage;
using Gateway.Proxy.Encodings;
using Xunit;

namespace Gateway.Tests.Management;

public sealed class CoverageEndpointTests
{
    [Fact]
    public async Task Coverage_lists_every_row_with_the_settings_that_govern_it()
    {
        await using var fixture = await ManagementFixture.StartAsync();
        var (status, body) = await fixture.GetAsync("/admin/coverage");
        Assert.Equal(HttpStatusCode.OK, status);
        var rows = body.GetProperty("rows").EnumerateArray().ToArray();
        Assert.Equal(CoverageMatrix.Current.Rows.Count, rows.Length);
        var picture = rows.Single(row => row.GetProperty("part").GetString() == "messages/user/image_url" && row.GetProperty("treatment").GetString() == "governed");
        Assert.Equal(
            ["unseen.remoteContent deny", "unseen.image annotate"],
            picture.GetProperty("settings").EnumerateArray().Select(setting => $"{setting.GetProperty("key").GetString()} {setting.GetProperty("default").GetString()}"));
        Assert.Equal("envelope", picture.GetProperty("surface").GetString());
    }

    [Fact]
    public async Task Coverage_as_text_is_what_the_command_prints()
    {
        await using var fixture = await ManagementFixture.StartAsync();
        using var response = await fixture.Client.GetAsync("/admin/coverage?format=text");
        Assert.Equal(CoverageText.Of(CoverageMatrix.Current), await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Coverage_in_another_format_is_a_bad_query()
    {
        await using var fixture = await ManagementFixture.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await fixture.GetAsync("/admin/coverage?format=xml")).Status);
    }

    [Fact]
    public void Surroundings_name_the_encodings_that_the_host_decodes()
    {
        var rows = CoverageMatrix.Current.Surroundings.Where(row => row.Treatment == CoverageTreatment.Inspected);
        Assert.All(rows, row => Assert.Equal(BodyEncodings.Known, string.Join(", ", row.Members)));
    }
}
