using System.Text.Json;
using Xunit;

namespace Gateway.Tests.Clients;

/// <summary>The npm packages <c>openai</c> and <c>@anthropic-ai/sdk</c>: every scenario of <c>tests/clients/scenarios.json</c>.</summary>
[Collection(ClientsGroup.Name)]
public sealed class NpmClientTests(NpmRun run) : IClassFixture<NpmRun>
{
    public static TheoryData<string, string> Scenarios
    {
        get
        {
            var names = JsonSerializer.Deserialize<string[]>(File.ReadAllText(Path.Combine(NpmRun.Folder, "scenarios.json"))) ?? [];
            var data = new TheoryData<string, string>();
            foreach (var client in new[] { "openai-npm", "anthropic-npm" })
                foreach (var name in names)
                    data.Add(client, name);
            return data;
        }
    }

    [Theory, MemberData(nameof(Scenarios))]
    public void Npm_client_scenario_passes(string client, string scenario)
    {
        Assert.True(run.Results.TryGetValue((client, scenario), out var error), $"The runner gave no result:\n{run.Noise}");
        Assert.True(error is null, error);
    }
}
