using Xunit;

namespace Gateway.Tests.Clients;

/// <summary>The npm SDKs and frameworks: every client of <c>tests/clients/scenarios.json</c> with every scenario it has there.</summary>
[Collection(ClientsGroup.Name)]
public sealed class NpmClientTests(NpmRun run) : IClassFixture<NpmRun>
{
    public static TheoryData<string, string> Scenarios
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (client, scenario) in NpmScenarios.All)
                data.Add(client, scenario);
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
