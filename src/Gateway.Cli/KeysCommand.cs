using System.CommandLine;
using Gateway.Core.Tenants;

namespace Gateway.Cli;

/// <summary><c>gatewayctl keys create|list|revoke</c>: works on the key file itself; a running gateway sees the change within a second.</summary>
internal sealed class KeysCommand
{
    private readonly CommandContext _context;
    private readonly Option<string?> _dataFolder = new("--data-folder")
    {
        Description = "Folder of keys.json. Default: the environment variable Gateway__DataFolder, else 'data' in the current folder.",
        Recursive = true,
    };

    private KeysCommand(CommandContext context) => _context = context;

    /// <summary>The command with its subcommands.</summary>
    public static Command Create(CommandContext context)
    {
        var keys = new KeysCommand(context);
        return new Command("keys", "Gateway keys of tenants.") { keys._dataFolder, keys.CreateCommand(), keys.ListCommand(), keys.RevokeCommand() };
    }

    private Command CreateCommand()
    {
        var tenant = new Option<string>("--tenant") { Description = $"Tenant the key authenticates: {TenantName.Rule}.", Required = true };
        var application = new Option<string?>("--application") { Description = "Application of the tenant; the same rule." };
        var expires = new Option<TimeSpan?>("--expires")
        {
            Description = "Lifetime, such as 90d, 12h or 30m. Default: the key does not expire.",
            CustomParser = result => Lifetime.Parse(result.Tokens[0].Value, result.AddError),
        };
        var note = new Option<string?>("--note") { Description = "One line for people." };
        tenant.Validators.Add(result => CheckName(result.GetValueOrDefault<string>(), result.AddError));
        application.Validators.Add(result => CheckName(result.GetValueOrDefault<string>(), result.AddError));
        note.Validators.Add(result => CheckNote(result.GetValueOrDefault<string>(), result.AddError));

        var command = new Command("create", "Makes a key and prints it, alone on a line. It cannot be shown again.") { tenant, application, expires, note };
        command.SetAction((result, cancellationToken) => CreateAsync(
            File(result), result.GetRequiredValue(tenant), result.GetValue(application), result.GetValue(expires), result.GetValue(note), cancellationToken));
        return command;
    }

    private Command ListCommand()
    {
        var json = new Option<bool>("--json") { Description = "As a JSON array." };
        var command = new Command("list", "Lists all keys, without their secrets.") { json };
        command.SetAction(result => KeyList.Write(
            _context.Output, new KeyAdministration(File(result), _context.Time).List(), _context.Time.GetUtcNow(), result.GetValue(json)));
        return command;
    }

    private Command RevokeCommand()
    {
        var id = new Argument<string>("id") { Description = "The key's id: the part between gw_ and the next _." };
        id.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } value && !GatewayKey.IsId(value))
            {
                // Not repeated: it may be a whole key, and this text may end up in a log.
                result.AddError("That is not a key id: give only the 12 characters between gw_ and the next _.");
            }
        });
        var command = new Command("revoke", "Revokes a key for good.") { id };
        command.SetAction((result, cancellationToken) => RevokeAsync(File(result), result.GetRequiredValue(id), cancellationToken));
        return command;
    }

    private async Task<int> CreateAsync(
        KeyFile file, string tenant, string? application, TimeSpan? lifetime, string? note, CancellationToken cancellationToken)
    {
        var key = await new KeyAdministration(file, _context.Time).CreateAsync(tenant, application, lifetime, note, cancellationToken);
        var end = key.Entry.ExpiresAt is { } expiresAt ? $"expires {expiresAt:u}" : "does not expire";
        await _context.Error.WriteLineAsync($"Key {key.Entry.Id} of tenant {tenant} written to {file.Path}; it {end}.");
        await _context.Error.WriteLineAsync("Only its hash is stored: keep the next line, it cannot be shown again.");
        await _context.Output.WriteLineAsync(key.Text);
        return ExitCodes.Success;
    }

    private async Task<int> RevokeAsync(KeyFile file, string id, CancellationToken cancellationToken)
    {
        if (await new KeyAdministration(file, _context.Time).RevokeAsync(id, cancellationToken) is not { } key)
        {
            await _context.Error.WriteLineAsync($"There is no key {id} in {file.Path}.");
            return ExitCodes.Failure;
        }

        await _context.Error.WriteLineAsync($"Key {id} of tenant {key.Tenant} is revoked since {key.RevokedAt:u}.");
        return ExitCodes.Success;
    }

    private KeyFile File(ParseResult result)
    {
        var folder = result.GetValue(_dataFolder) ?? _context.Environment("Gateway__DataFolder");
        return new KeyFile(string.IsNullOrEmpty(folder) ? "data" : folder, _context.Time);
    }

    private static void CheckName(string? name, Action<string> addError)
    {
        if (name is not null && !TenantName.IsValid(name))
        {
            addError($"A name must be {TenantName.Rule}.");
        }
    }

    private static void CheckNote(string? note, Action<string> addError)
    {
        if (note is not null && !KeyAdministration.IsNote(note))
        {
            addError($"The note must be one line of at most {KeyAdministration.MaxNoteLength} characters.");
        }
    }
}
