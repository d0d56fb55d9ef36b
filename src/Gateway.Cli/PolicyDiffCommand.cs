using System.CommandLine;
using Gateway.Core.Policies.Effective;

namespace Gateway.Cli;

/// <summary><c>gatewayctl policy diff</c>: what differs between two folders of documents in what they mean.</summary>
internal static class PolicyDiffCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var before = new Argument<string>("before") { Description = "Folder of the documents before." };
        var after = new Argument<string>("after") { Description = "Folder of the documents after." };
        var json = new Option<bool>("--json") { Description = "As JSON." };
        var command = new Command("diff", $"Prints how the policies of two folders differ, what loosens first. Exit code {ExitCodes.Differs} when they do.")
        {
            before, after, json,
        };
        command.SetAction(result =>
        {
            // Both are read before either decides: a mistake in the first must not hide one in the second.
            var old = LoadedPolicies.Load(result.GetRequiredValue(before), context);
            var now = LoadedPolicies.Load(result.GetRequiredValue(after), context);
            return old is null || now is null ? ExitCodes.Failure : Write(PolicyDiff.Between(old, now), result.GetValue(json), context);
        });
        return command;
    }

    private static int Write(PolicyDiff diff, bool asJson, CommandContext context)
    {
        if (asJson)
        {
            JsonOutput.Write(context.Output, PolicyDiffText.Json(diff));
        }
        else
        {
            foreach (var line in PolicyDiffText.Lines(diff))
            {
                context.Output.WriteLine(line);
            }
        }

        context.Error.WriteLine(PolicyDiffText.Summary(diff));
        return diff.IsEmpty ? ExitCodes.Success : ExitCodes.Differs;
    }
}
