using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Tests.Telemetry;

public sealed class SeqTests
{
    [Fact]
    public async Task Exchange_reaches_a_seq_server_as_clef()
    {
        var lines = Channel.CreateUnbounded<string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var seq = builder.Build();
        seq.MapPost("/api/events/raw", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            while (await reader.ReadLineAsync() is { } line)
            {
                await lines.Writer.WriteAsync(line);
            }

            return Results.Json(new { MinimumLevelAccepted = (string?)null }, statusCode: 201);
        });
        await seq.StartAsync();
        await using var host = await TelemetryHost.StartAsync(BridgeFixture.Blocked, $"Gateway:Seq:ServerUrl={seq.Urls.Single()}", "Gateway:Seq:ApiKey=k");

        await host.PostAsync();

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var line = JsonDocument.Parse(await lines.Reader.ReadAsync(patience.Token)).RootElement;
        Assert.Equal(
            ("blocked", BridgeFixture.Blocked.Id, "no-legal-advice"),
            (line.GetProperty("Outcome").GetString(), line.GetProperty("DecisionId").GetString(), line.GetProperty("Rule").GetString()));
    }
}
