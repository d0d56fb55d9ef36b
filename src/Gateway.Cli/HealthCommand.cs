using System.CommandLine;

namespace Gateway.Cli;

/// <summary><c>gatewayctl health</c>: asks a running gateway whether it is ready; for container health checks, where no curl is.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var url = new Option<Uri?>("--url")
        {
            Description = "Address of the management listener. Default: the environment variable Gateway__ManagementUrl, else http://127.0.0.1:8081.",
        };
        var command = new Command("health", "Prints the readiness of a running gateway; ends with 0 when it is ready.") { url };
        command.SetAction((result, cancellationToken) => AskAsync(result.GetValue(url) ?? Default(context), context, cancellationToken));
        return command;
    }

    private static Uri Default(CommandContext context) =>
        Uri.TryCreate(context.Environment("Gateway__ManagementUrl"), UriKind.Absolute, out var configured) ? configured : new Uri("http://127.0.0.1:8081");

    private static async Task<int> AskAsync(Uri url, CommandContext context, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { ConnectTimeout = Patience };
        using var http = new HttpMessageInvoker(handler);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, "/healthz/ready"));
            using var response = await http.SendAsync(request, limit.Token);
            await context.Output.WriteLineAsync(await response.Content.ReadAsStringAsync(limit.Token));
            return response.IsSuccessStatusCode ? ExitCodes.Success : ExitCodes.Failure;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            await context.Error.WriteLineAsync($"No answer from {url}.");
            return ExitCodes.Failure;
        }
    }
}
