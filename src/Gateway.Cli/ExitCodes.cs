namespace Gateway.Cli;

/// <summary>What the process ends with. Scripts depend on these; they stand in the help text too.</summary>
public static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>Tried and failed: a file that cannot be used, a key that does not exist, a policy with errors.</summary>
    public const int Failure = 1;

    /// <summary>Not tried: the command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Done, and what was compared differs.</summary>
    public const int Differs = 3;
}
