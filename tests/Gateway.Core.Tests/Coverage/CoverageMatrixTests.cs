using Gateway.Core.Coverage;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.Coverage;
using Gateway.Core.Tests.Policies;

namespace Gateway.Core.Tests.Coverage;

/// <summary>The matrix has no gap and is the one that is committed.</summary>
public sealed class CoverageMatrixTests
{
    private static readonly string Golden = TestFolders.InRepository("deploy", "docs", "coverage.md");

    public static TheoryData<FormatId> Formats => [.. WireFormats.All.Select(format => format.Id)];

    [Fact]
    public void Of_is_the_committed_table()
    {
        var committed = File.ReadAllText(Golden);
        var computed = CoverageText.Of(CoverageMatrix.Current);
        Assert.True(
            committed == computed,
            $"The code reads something else than deploy/docs/coverage.md says, first at: {FirstDifference(committed, computed)}. If that is meant, update it: "
            + "dotnet run --project src/Gateway.Cli -- coverage > deploy/docs/coverage.md");
    }

    [Fact]
    public void Rows_leave_nothing_unread() =>
        Assert.Empty(CoverageMatrix.Current.Rows.Where(row => row.Treatment == CoverageTreatment.Unread).Select(row => $"{row.Format} {row.Part}: {string.Join(", ", row.Members)}"));

    [Theory]
    [MemberData(nameof(Formats))]
    public void Rows_of_every_format_have_requests_and_answers(FormatId format)
    {
        var rows = CoverageMatrix.Current.Rows.Where(row => row.Format == format).ToList();
        Assert.Equal(format is not (FormatId.OpenAIModels or FormatId.AnthropicModels), rows.Exists(row => row.Direction == CoverageDirection.Request));
        Assert.Contains(rows, row => row is { Direction: CoverageDirection.Response, Streamed: false });
        Assert.Contains(rows, row => row is { Direction: CoverageDirection.Response, Streamed: true });
    }

    [Fact]
    public void Rows_that_are_governed_name_a_setting_and_others_none() => Assert.All(
        CoverageMatrix.Current.Rows,
        row => Assert.Equal(row.Treatment == CoverageTreatment.Governed, row.Settings.Count > 0));

    [Fact]
    public void Reaches_governed_surface_only_under_a_policy_that_tolerates_it()
    {
        var rows = CoverageMatrix.Current.Rows.Where(row => row is { Part: "messages/user/image_url", Treatment: CoverageTreatment.Governed }).ToList();
        Assert.Equal([Capability.RemoteContent, Capability.Image], Assert.Single(rows).Settings);
        Assert.False(CoverageMatrix.Current.Reaches(Surface.Output, CoverageDirection.Request, default));
        Assert.True(CoverageMatrix.Current.Reaches(Surface.Output, CoverageDirection.Response, default));
    }

    private static string FirstDifference(string committed, string computed)
    {
        var (left, right) = (committed.Split('\n'), computed.Split('\n'));
        var at = left.Zip(right).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"line {at + 1}: {(at < right.Length ? right[at] : "the end")}";
    }
}
