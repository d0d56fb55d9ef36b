using System.CommandLine;
using Gateway.Core.Policies;

namespace Gateway.Cli;

/// <summary>The policies of a folder, compiled exactly as the gateway does.</summary>
internal static class LoadedPolicies
{
    public static Argument<string?> FolderArgument() => new("folder")
    {
        Description = "Folder of the policy documents. Default: the environment variable Gateway__PoliciesFolder, else 'policies' in the current folder.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>The snapshot, or null after every mistake has been printed.</summary>
    public static PolicySnapshot? Load(string? folder, CommandContext context)
    {
        folder ??= context.Environment("Gateway__PoliciesFolder");
        folder = string.IsNullOrEmpty(folder) ? "policies" : folder;
        var content = new PolicyFolder(folder).Read();
        var compilation = content.Errors.Count == 0 ? PolicyCompiler.Compile(content.Files, context.Time.GetUtcNow()) : null;
        foreach (var error in compilation?.Errors ?? content.Errors)
        {
            context.Output.WriteLine(error);
        }

        if (compilation?.Snapshot is null)
        {
            context.Error.WriteLine($"The policies in {folder} have mistakes; a gateway would refuse them all.");
        }

        return compilation?.Snapshot;
    }
}
