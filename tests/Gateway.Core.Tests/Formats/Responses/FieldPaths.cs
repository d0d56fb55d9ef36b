using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Gateway.Core.Tests.Formats.Responses;

/// <summary>
/// The string leaves of the official SDK types, one path a line, and a body for each: <c>a[]{x}.b?</c> is the optional member <c>b</c> of the
/// elements of array <c>a</c> whose <c>type</c> is <c>x</c>.
/// </summary>
internal static partial class FieldPaths
{
    public const string Marker = "the planted marker";

    /// <summary>All paths of a list, references to other types followed.</summary>
    public static IEnumerable<string> Of(string list)
    {
        var lines = GoldenAnswers.Lines($"fields/{list}.txt").Select(line => line.Split("  ", 2)).ToArray();
        var references = lines.Where(line => line[1].StartsWith("-> see ", StringComparison.Ordinal))
            .Select(line => (From: line[0], To: line[1].Split(' ')[2])).ToArray();
        var paths = lines.Where(line => !line[1].StartsWith("-> see ", StringComparison.Ordinal)).Select(line => line[0]).ToHashSet();
        foreach (var _ in Enumerable.Range(0, 3))
        {
            foreach (var (from, to) in references)
            {
                paths.UnionWith([.. paths.Where(path => path.StartsWith(to, StringComparison.Ordinal)).Select(path => from + path[to.Length..])]);
            }
        }

        return paths.Where(path => !path.EndsWith(".type", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }

    /// <summary>A body in which only <paramref name="path"/> carries text, besides the types on the way to it.</summary>
    public static JsonObject Body(string path)
    {
        var root = new JsonObject();
        var rest = path;
        if (Event().Match(path) is { Success: true } type)
        {
            root["type"] = type.Groups[1].Value;
            rest = path[type.Length..];
        }

        Fill(root, [.. rest.Split('.').Skip(1)], 0);
        return root;
    }

    private static void Fill(JsonObject at, string[] steps, int step)
    {
        var text = steps[step];
        var name = text.Split('?', '[', '{')[0].Replace("*", "any");
        JsonNode value = Marker;
        if (step + 1 < steps.Length)
        {
            var inner = new JsonObject();
            if (Type().Match(text) is { Success: true } type)
            {
                inner["type"] = type.Groups[1].Value;
            }

            Fill(inner, steps, step + 1);
            value = inner;
        }
        else if (name is "parameters" or "input_schema"
            || (name == "input" && step > 0 && !steps[step - 1].Contains("custom", StringComparison.Ordinal)))
        {
            value = new JsonObject { ["any"] = new JsonArray(Marker) };
        }

        at[name] = text.Contains("[]", StringComparison.Ordinal) ? new JsonArray(value) : value;
    }

    [GeneratedRegex(@"^\$\{([\w.]+)\}")]
    private static partial Regex Event();

    [GeneratedRegex(@"\{(\w+)\}$")]
    private static partial Regex Type();
}
