using System.CommandLine;
using Gateway.Core.Policies.Effective;

namespace Gateway.Cli;

/// <summary><c>gatewayctl policy</c>: the subcommands that work on folders of documents, without a gateway.</summary>
internal static class PolicyCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create(CommandContext context) => new("policy", "Policy documents.")
    {
        CreateCheck(context),
        PolicyExplainCommand.Create(context),
        PolicyDiffCommand.Create(context),
        CreateSchema(context),
    };

    private static Command CreateCheck(CommandContext context)
    {
        var folder = LoadedPolicies.FolderArgument();
        var check = new Command("check", "Prints every mistake as file:line:column: message; without any, what would be in force.") { folder };
        check.SetAction(result =>
        {
            if (LoadedPolicies.Load(result.GetValue(folder), context) is not { } snapshot)
            {
                return ExitCodes.Failure;
            }

            context.Error.WriteLine($"{snapshot.Policies.Length} policies are valid; their version is {snapshot.Version}.");
            return ExitCodes.Success;
        });
        return check;
    }

    private static Command CreateSchema(CommandContext context)
    {
        var schema = new Command("schema", "Prints the JSON schema of a policy document, for editors.");
        schema.SetAction(_ =>
        {
            context.Output.Write(PolicySchema.Text());
            return ExitCodes.Success;
        });
        return schema;
    }
}
