namespace LoadClient;

/// <summary>
/// Drives every scenario of every target before anything is measured, until the runtime has compiled the hot methods for good and a request
/// gets no cheaper. How long that takes depends on how busy the machine is, so it is watched and not guessed.
/// </summary>
internal static class WarmUp
{
    /// <summary>The share of a pass' CPU up to which the compiler counts as idle.</summary>
    public const double IdleCompiler = 0.03;

    // One idle pass may be the lull before the compiler starts.
    private const int SteadyPasses = 2;
    private const double Cheaper = 0.95;

    /// <summary>Returns what failed, or null.</summary>
    public static async Task<string?> RunAsync(IReadOnlyList<Scenario> scenarios, Settings settings)
    {
        foreach (var target in settings.Targets)
        {
            foreach (var scenario in scenarios)
            {
                using var runner = new Runner(target, scenario);
                var cheapest = double.PositiveInfinity;
                var steady = 0;
                for (var pass = 0; pass < settings.WarmUpPasses && steady < SteadyPasses; pass++)
                {
                    var result = await runner.RunAsync(TimeSpan.FromSeconds(settings.WarmUpSeconds));
                    if (result.Errors > 0)
                    {
                        return $"warm-up of {target.Name} with {scenario.Name}: {result.Errors} errors, first: {result.FirstError}";
                    }

                    steady = result.CompilerShare <= IdleCompiler && result.CpuMicroseconds >= cheapest * Cheaper ? steady + 1 : 0;
                    cheapest = Math.Min(cheapest, result.CpuMicroseconds);
                }
            }
        }

        return null;
    }
}
