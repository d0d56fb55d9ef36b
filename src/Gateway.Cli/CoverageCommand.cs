using System.CommandLine;
using Gateway.Core.Coverage;
using Gateway.Core.Formats.Coverage;

namespace Gateway.Cli;

/// <summary><c>gatewayctl coverage</c>: what this build looks at, from its own code; asks no gateway.</summary>
internal static class CoverageCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var command = new Command("coverage", "Prints what the gateway inspects, governs and refuses, for each wire format, as a table in Markdown.");
        command.SetAction(_ =>
        {
            context.Output.Write(CoverageText.Of(CoverageMatrix.Current));
            return ExitCodes.Success;
        });
        return command;
    }
}
