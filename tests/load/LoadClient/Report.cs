using System.Globalization;
using System.Text.Json;

namespace LoadClient;

/// <summary>All rounds of one scenario against one target, and the target's peak memory over them.</summary>
internal sealed record Series(Target Target, IReadOnlyList<RoundResult> Rounds, double PeakMegabytes, bool PeakWasReset)
{
    public double Median(Func<RoundResult, double> value)
    {
        var sorted = Rounds.Select(value).Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>How far the rounds lie apart: (largest - smallest) / median.</summary>
    public double Spread(Func<RoundResult, double> value) => (Rounds.Max(value) - Rounds.Min(value)) / Median(value);
}

/// <summary>Prints what was measured. Figures are medians over the rounds; ratios are medians over the ratios of neighbouring rounds.</summary>
internal sealed class Report(TextWriter output)
{
    private const double FirstByteBarMilliseconds = 1;
    private const double MemoryBarMegabytes = 250;
    private const double SteadySpread = 0.20;
    private readonly List<object> _json = [];

    public int Errors { get; private set; }

    public void Add(Scenario scenario, IReadOnlyList<Series> all)
    {
        output.WriteLine(Text($"\n{scenario.Name}: {scenario.Body.Length} bytes, {scenario.Connections} in flight"));
        output.WriteLine("  target        req/s  CPU us/req   p50 ms   p99 ms  first byte p50/p99 ms  peak MiB  errors  requests");
        foreach (var series in all)
        {
            Row(series);
        }

        foreach (var series in all.Skip(1).Where(series => series.Target.Name != "direct"))
        {
            Compare(scenario, all[0], series);
        }

        _json.Add(Json(scenario, all));
    }

    public void WriteJson(string path) =>
        File.WriteAllText(path, JsonSerializer.Serialize(_json, JsonSerializerOptions.Web) + "\n");

    private void Row(Series series)
    {
        var errors = series.Rounds.Sum(round => round.Errors);
        Errors += errors;
        output.WriteLine(Text($"  {series.Target.Name,-10} {series.Median(r => r.PerSecond),8:F0} {series.Median(r => r.CpuMicroseconds),11:F1} {series.Median(r => r.P50),8:F2} {series.Median(r => r.P99),8:F2} {series.Median(r => r.FirstByteP50),14:F2} / {series.Median(r => r.FirstByteP99),-6:F2}{series.PeakMegabytes,9:F0} {errors,7} {series.Rounds.Sum(r => r.Requests),9}"));
        var compiler = series.Median(round => round.CompilerShare);
        if (compiler > WarmUp.IdleCompiler)
        {
            output.WriteLine(Text($"    WARNING: {compiler:P0} of this CPU went into compiling hot methods: not warm yet; a longer --warmup helps."));
        }

        if (series.Rounds.FirstOrDefault(round => round.FirstError is not null)?.FirstError is { } error)
        {
            output.WriteLine($"    first error: {error}");
        }
    }

    private void Compare(Scenario scenario, Series bare, Series other)
    {
        var cpu = Ratio(bare, other, round => round.CpuMicroseconds);
        output.WriteLine(Text($"  {other.Target.Name}/{bare.Target.Name}: CPU {cpu:F2}x{Bar(cpu, scenario.CpuBar, "x")}, req/s {Ratio(bare, other, r => r.PerSecond):F2}x, p50 {Difference(bare, other, r => r.P50):+0.00;-0.00} ms, p99 {Difference(bare, other, r => r.P99):+0.00;-0.00} ms"));
        if (scenario.IsStream)
        {
            var first = Difference(bare, other, round => round.FirstByteP50);
            output.WriteLine(Text($"  first byte p50 {first:+0.00;-0.00} ms{Bar(first, FirstByteBarMilliseconds, " ms")}"));
        }

        output.WriteLine(Text($"  peak memory {other.PeakMegabytes:F0} MiB{Bar(other.PeakMegabytes, MemoryBarMegabytes, " MiB")}{(other.PeakWasReset ? "" : " (since the process started)")}"));
        var spread = bare.Spread(round => round.CpuMicroseconds);
        if (spread > SteadySpread)
        {
            output.WriteLine(Text($"  WARNING: {bare.Target.Name}'s own rounds differ by {spread:P0}; the machine is too busy for these ratios to count."));
        }
    }

    private static string Bar(double value, double? bar, string unit) => bar is { } limit
        ? Text($" (bar {limit:0.##}{unit}: {(value <= limit ? "kept" : "MISSED")})")
        : "";

    // Neighbours in time share the machine's mood; a ratio of medians over the whole run would not.
    private static double Ratio(Series bare, Series other, Func<RoundResult, double> value) => Paired(bare, other, (b, o) => value(o) / value(b));

    private static double Difference(Series bare, Series other, Func<RoundResult, double> value) => Paired(bare, other, (b, o) => value(o) - value(b));

    private static double Paired(Series bare, Series other, Func<RoundResult, RoundResult, double> compare)
    {
        var sorted = bare.Rounds.Zip(other.Rounds, compare).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static object Json(Scenario scenario, IReadOnlyList<Series> all) => new
    {
        scenario = scenario.Name,
        bodyBytes = scenario.Body.Length,
        scenario.Connections,
        scenario.CpuBar,
        targets = all.Select(series => new { series.Target.Name, series.PeakMegabytes, series.Rounds }),
        ratios = all.Skip(1).Select(series => new
        {
            series.Target.Name,
            cpu = Ratio(all[0], series, round => round.CpuMicroseconds),
            perSecond = Ratio(all[0], series, round => round.PerSecond),
            firstByteP50AddedMilliseconds = Difference(all[0], series, round => round.FirstByteP50),
        }),
        bareSpread = all[0].Spread(round => round.CpuMicroseconds),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
