using System.CommandLine;
using Gateway.Core.Tenants;

namespace Gateway.Cli;

/// <summary>The command line <c>gatewayctl</c>: results go to standard output, everything said about them to standard error.</summary>
public static class GatewayCommand
{
    /// <summary>Runs one command; returns one of <see cref="ExitCodes"/>.</summary>
    /// <param name="args">Arguments without the program's name.</param>
    /// <param name="output">Results.</param>
    /// <param name="error">Explanations and errors.</param>
    /// <param name="environment">Looks up an environment variable.</param>
    /// <param name="time">Clock.</param>
    public static async Task<int> RunAsync(
        string[] args, TextWriter output, TextWriter error, Func<string, string?> environment, TimeProvider time)
    {
        var context = new CommandContext(output, error, environment, time);
        var root = new RootCommand("Administers the gateway. Exit codes: 0 done, 1 failed, 2 wrong command line, 3 what was compared differs.") 
        {
            KeysCommand.Create(context),
            PolicyCommand.Create(context),
            CoverageCommand.Create(context),
            HealthCommand.Create(context),
        };
        var result = root.Parse(args);
        if (result.Errors.Count > 0)
        {
            foreach (var mistake in result.Errors)
            {
                await error.WriteLineAsync(mistake.Message);
            }

            await error.WriteLineAsync("Try --help.");
            return ExitCodes.Usage;
        }

        try
        {
            return await result.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (KeyFileException exception)
        {
            await error.WriteLineAsync(exception.Message);
            return ExitCodes.Failure;
        }
    }
}

/// <summary>What every command gets.</summary>
internal sealed record CommandContext(TextWriter Output, TextWriter Error, Func<string, string?> Environment, TimeProvider Time);
