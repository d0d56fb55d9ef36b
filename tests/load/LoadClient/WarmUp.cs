namespace LoadClient;

/// <summary>
/// Drives every scenario of every target before anything is measured, until it gets no cheaper: the runtime compiles hot methods again in the
/// background, which takes longer the busier the machine is.
/// </summary>
internal static class WarmUp
{
    private const int MostPasses = 6;
    private const double Cheaper = 0.95;

    /// <summary>Returns what failed, or null.</summary>
    public static async Task<string?> RunAsync(IReadOnlyList<Scenario> scenarios, Settings settings)
    {
        foreach (var target in settings.Targets)
        {
            foreach (var scenario in scenarios)
            {
                using var runner = new Runner(target, scenario);
                var cost = double.PositiveInfinity;
                for (var pass = 0; pass < MostPasses; pass++)
                {
                    var result = await runner.RunAsync(TimeSpan.FromSeconds(settings.WarmUpSeconds));
                    if (result.Errors > 0)
                    {
                        return $"warm-up of {target.Name} with {scenario.Name}: {result.Errors} errors, first: {result.FirstError}";
                    }

                    if (result.CpuMicroseconds > cost * Cheaper)
                    {
                        break;
                    }

                    cost = result.CpuMicroseconds;
                }
            }
        }

        return null;
    }
}
