using System.CommandLine;
using Gateway.Core.Policies;

namespace Gateway.Cli;

/// <summary><c>gatewayctl policy check</c>: compiles the documents of a folder exactly as the gateway does, and prints every mistake.</summary>
internal static class PolicyCommand
{
    /// <summary>The command with its subcommand.</summary>
    public static Command Create(CommandContext context)
    {
        var folder = new Argument<string?>("folder")
        {
            Description = "Folder of the policy documents. Default: the environment variable Gateway__PoliciesFolder, else 'policies' in the current folder.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var check = new Command("check", "Prints every mistake as file:line:column: message; without any, what would be in force.") { folder };
        check.SetAction(result =>
        {
            var path = result.GetValue(folder) ?? context.Environment("Gateway__PoliciesFolder");
            return Check(string.IsNullOrEmpty(path) ? "policies" : path, context);
        });
        return new Command("policy", "Policy documents.") { check };
    }

    private static int Check(string folder, CommandContext context)
    {
        var content = new PolicyFolder(folder).Read();
        var compilation = content.Errors.Count == 0 ? PolicyCompiler.Compile(content.Files, context.Time.GetUtcNow()) : null;
        foreach (var error in compilation?.Errors ?? content.Errors)
        {
            context.Output.WriteLine(error);
        }

        if (compilation?.Snapshot is not { } snapshot)
        {
            context.Error.WriteLine($"The policies in {folder} have mistakes; a gateway would refuse them all.");
            return ExitCodes.Failure;
        }

        context.Error.WriteLine($"{snapshot.Policies.Length} policies are valid; their version is {snapshot.Version}.");
        return ExitCodes.Success;
    }
}
