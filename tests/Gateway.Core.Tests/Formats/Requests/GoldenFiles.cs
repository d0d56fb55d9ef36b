using System.Text.Json;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Tests.Formats.Requests;

/// <summary>The sample bodies beside the tests, and what is expected of each.</summary>
internal static class GoldenFiles
{
    private static readonly string s_folder = Path.Combine(FindRoot(), "tests", "Gateway.Core.Tests", "Formats", "Golden");

    public static IEnumerable<JsonElement> Expectations() =>
        File.ReadLines(Path.Combine(s_folder, "expected.requests.jsonl")).Select(line => JsonDocument.Parse(line).RootElement);

    public static JsonElement ExpectationOf(string file) => Expectations().Single(line => line.GetProperty("file").GetString() == file);

    public static byte[] Read(string file) => File.ReadAllBytes(Path.Combine(s_folder, file));

    public static string WordOf(Surface surface) => surface switch
    {
        Surface.System => "system",
        Surface.Developer => "developer",
        Surface.User => "user",
        Surface.Assistant => "assistant",
        Surface.ToolResult => "tool_result",
        Surface.Document => "document",
        Surface.ToolDefinition => "tool_definition",
        Surface.ToolArguments => "tool_arguments",
        Surface.Output => "output",
        Surface.Reasoning => "reasoning",
        _ => "metadata",
    };

    public static string WordOf(Trust trust) => trust switch
    {
        Trust.Operator => "operator",
        Trust.User => "user",
        Trust.Assistant => "assistant",
        Trust.ThirdParty => "third_party",
        Trust.ToolDefinition => "tooldef",
        Trust.Model => "model",
        _ => "metadata",
    };

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return folder.FullName;
    }
}
