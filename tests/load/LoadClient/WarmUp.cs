namespace LoadClient;

/// <summary>
/// Drives every scenario of every target before anything is measured, until the runtime has compiled the hot methods for good. How long that
/// takes depends on how busy the machine is, so it is watched and not guessed.
/// </summary>
internal static class WarmUp
{
    /// <summary>The share of a pass' CPU up to which the compiler counts as idle.</summary>
    public const double IdleCompiler = 0.03;

    private const int MostPasses = 8;

    /// <summary>Returns what failed, or null.</summary>
    public static async Task<string?> RunAsync(IReadOnlyList<Scenario> scenarios, Settings settings)
    {
        foreach (var target in settings.Targets)
        {
            foreach (var scenario in scenarios)
            {
                using var runner = new Runner(target, scenario);
                for (var pass = 0; pass < MostPasses; pass++)
                {
                    var result = await runner.RunAsync(TimeSpan.FromSeconds(settings.WarmUpSeconds));
                    if (result.Errors > 0)
                    {
                        return $"warm-up of {target.Name} with {scenario.Name}: {result.Errors} errors, first: {result.FirstError}";
                    }

                    if (pass > 0 && result.CompilerShare <= IdleCompiler)
                    {
                        break;
                    }
                }
            }
        }

        return null;
    }
}
