using System.CommandLine;
using Gateway.Core.Formats;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Effective;
using Gateway.Core.Telemetry;

namespace Gateway.Cli;

/// <summary><c>gatewayctl policy explain</c>: the policy of a tenant as it would be in force, with the place that every value was written at.</summary>
internal sealed class PolicyExplainCommand
{
    private readonly Option<string> _tenant = new("--tenant") { Description = "Tenant.", Required = true };
    private readonly Option<string?> _application = new("--application") { Description = "Application of the tenant's key." };
    private readonly Option<string?> _key = new("--key") { Description = "Id of the key." };
    private readonly Option<string?> _model = new("--model") { Description = "Model that is asked for; what becomes of it is said too." };
    private readonly Option<string?> _format = new("--format") { Description = $"Wire format: one of {string.Join(", ", Formats.Keys)}." };
    private readonly Option<bool> _json = new("--json") { Description = "As JSON, with nothing cut." };
    private readonly Argument<string?> _folder = LoadedPolicies.FolderArgument();

    private static Dictionary<string, FormatId> Formats { get; } = Enum.GetValues<FormatId>().Where(format => format != FormatId.Unknown).ToDictionary(TelemetryNames.Of);

    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var explain = new PolicyExplainCommand();
        explain._format.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } format && !Formats.ContainsKey(format))
            {
                result.AddError($"--format must be one of {string.Join(", ", Formats.Keys)}.");
            }
        });
        var command = new Command("explain", "Prints every setting of a tenant's policy, its value and where that was written.")
        {
            explain._folder, explain._tenant, explain._application, explain._key, explain._model, explain._format, explain._json,
        };
        command.SetAction(result => explain.Run(result, context));
        return command;
    }

    private int Run(ParseResult result, CommandContext context)
    {
        if (LoadedPolicies.Load(result.GetValue(_folder), context) is not { } snapshot)
        {
            return ExitCodes.Failure;
        }

        var subject = new PolicySubject(result.GetRequiredValue(_tenant))
        {
            Application = result.GetValue(_application),
            KeyId = result.GetValue(_key),
            Model = result.GetValue(_model),
            Format = result.GetValue(_format) is { } format ? Formats[format] : null,
        };
        if (PolicyExplanation.Explain(snapshot, subject, context.Time.GetUtcNow()) is not { } explanation)
        {
            context.Error.WriteLine("No policy governs this tenant: a gateway would refuse all its traffic.");
            return ExitCodes.Failure;
        }

        if (result.GetValue(_json))
        {
            JsonOutput.Write(context.Output, ExplanationText.Json(explanation));
            return ExitCodes.Success;
        }

        context.Error.WriteLine($"Policy {explanation.Policy} at {explanation.Source}, version {explanation.Version}.");
        if (explanation.Model is { } model)
        {
            context.Error.WriteLine($"The model {model.Asked} {(model.Sent == model.Asked ? "" : $"is sent as {model.Sent} and ")}"
                + (model.AllowedBy is null ? "is refused: no entry of models.allow matches it." : $"is allowed by {model.AllowedBy}."));
        }

        foreach (var line in ExplanationText.Lines(explanation))
        {
            context.Output.WriteLine(line);
        }

        return ExitCodes.Success;
    }
}
