using System.Diagnostics;

namespace LoadClient;

/// <summary>Drives one target with one scenario for a time.</summary>
internal sealed class Runner(Target target, Scenario scenario) : IDisposable
{
    private readonly SocketsHttpHandler _handler = new()
    {
        MaxConnectionsPerServer = scenario.Connections,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(10),
    };

    /// <summary>Runs for <paramref name="duration"/>; requests in flight at its end are finished and counted.</summary>
    public async Task<RoundResult> RunAsync(TimeSpan duration)
    {
        using var invoker = new HttpMessageInvoker(_handler, disposeHandler: false);
        var workers = Enumerable.Range(0, scenario.Connections).Select(_ => new Worker(invoker, target, scenario)).ToArray();
        var cpu = target.Meter.CpuMicroseconds();
        var compiler = target.Meter.CompilerMicroseconds();
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(workers.Select(worker => Task.Run(() => worker.RunAsync(end))));
        var elapsed = Stopwatch.GetElapsedTime(start);
        cpu = target.Meter.CpuMicroseconds() - cpu;
        compiler = Math.Max(target.Meter.CompilerMicroseconds() - compiler, 0);
        return Summarise(workers, elapsed, cpu, compiler);
    }

    public void Dispose() => _handler.Dispose();

    private static RoundResult Summarise(Worker[] workers, TimeSpan elapsed, double cpu, double compiler)
    {
        var whole = workers.SelectMany(worker => worker.WholeTimes).Order().ToArray();
        var first = workers.SelectMany(worker => worker.FirstByteTimes).Order().ToArray();
        return new RoundResult
        {
            Requests = whole.Length,
            Errors = workers.Sum(worker => worker.Errors),
            FirstError = workers.Select(worker => worker.FirstError).FirstOrDefault(error => error is not null),
            PerSecond = whole.Length / elapsed.TotalSeconds,
            CpuMicroseconds = cpu / Math.Max(whole.Length, 1),
            CompilerShare = cpu > 0 ? compiler / cpu : 0,
            P50 = Percentile(whole, 0.50),
            P99 = Percentile(whole, 0.99),
            FirstByteP50 = Percentile(first, 0.50),
            FirstByteP99 = Percentile(first, 0.99),
        };
    }

    // Nearest rank: the smallest value that at least this share of the values do not exceed.
    private static double Percentile(long[] sorted, double share) => sorted.Length == 0
        ? double.NaN
        : sorted[Math.Max((int)Math.Ceiling(sorted.Length * share) - 1, 0)] * 1000.0 / Stopwatch.Frequency;
}
