using System.Text.Json;

namespace Gateway.Core.Tests.Formats.Responses;

/// <summary>The sample answers and what a reader must find in each.</summary>
internal static class GoldenAnswers
{
    private static readonly string Folder = FindFolder();

    public static IReadOnlyDictionary<string, JsonElement> Expected { get; } = File.ReadLines(Path.Combine(Folder, "expected.jsonl"))
        .Select(line => JsonDocument.Parse(line).RootElement)
        .ToDictionary(line => line.GetProperty("file").GetString()!);

    public static byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(Folder, file));

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Folder, file));

    public static IEnumerable<string> Names(string ending) => Expected.Keys.Where(name => name.EndsWith(ending, StringComparison.Ordinal)).Order();

    public static IEnumerable<string> Streams() => Names(".sse").Concat(Names(".stream.json"));

    public static long Tokens(JsonElement usage, string name) => usage.TryGetProperty(name, out var tokens) ? tokens.GetInt64() : 0;

    public static string Parse(string file) => Expected[file].GetProperty("parse").GetString()!;

    private static string FindFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Gateway.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "tests", "Gateway.Core.Tests", "Formats", "GoldenResponses");
    }
}
