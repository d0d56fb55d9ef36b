using System.Text.Json;

namespace Gateway.Tests.Clients;

/// <summary><c>tests/clients/scenarios.json</c>: sets of scenarios by name, and by client the sets it runs.</summary>
internal static class NpmScenarios
{
    /// <summary><c>tests/clients</c>, found from the test assembly upwards.</summary>
    public static string Folder
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                var candidate = Path.Combine(folder.FullName, "tests", "clients");
                if (File.Exists(Path.Combine(candidate, "package.json")))
                    return candidate;
            }

            throw new DirectoryNotFoundException("tests/clients was not found above the test assembly.");
        }
    }

    public static IEnumerable<(string Client, string Scenario)> All
    {
        get
        {
            var file = Read();
            return file.Clients.SelectMany(client => client.Value.SelectMany(set => file.Sets[set]), (client, scenario) => (client.Key, scenario));
        }
    }

    public static IEnumerable<string> Clients => Read().Clients.Keys;

    private static ScenarioFile Read() =>
        JsonSerializer.Deserialize<ScenarioFile>(File.ReadAllText(Path.Combine(Folder, "scenarios.json")), JsonSerializerOptions.Web)
        ?? throw new JsonException("scenarios.json is empty.");

    private sealed record ScenarioFile(Dictionary<string, string[]> Sets, Dictionary<string, string[]> Clients);
}
