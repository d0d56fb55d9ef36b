namespace Gateway.Simulation;

/// <summary>Cuts tool arguments into the fragments of a stream.</summary>
internal static class SimulatedFragments
{
    private const int RunesPerFragment = 12;

    /// <summary>The fragments of <paramref name="arguments"/>; none splits a code point.</summary>
    public static IEnumerable<string> Of(string arguments) =>
        arguments.EnumerateRunes().Chunk(RunesPerFragment).Select(chunk => string.Concat(chunk));
}
