using System.Text.Json;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Xunit;

namespace Gateway.Core.Tests.Formats.Requests;

public sealed class GoldenRequestTests
{
    public static TheoryData<string> Accepted() => Files(line => line.GetProperty("parse").GetString() == "ok");

    public static TheoryData<string> Refused() => Files(line => line.GetProperty("parse").GetString() == "reject");

    [Theory]
    [MemberData(nameof(Accepted))]
    public void ReadRequest_sample_gives_every_expected_text_with_path_role_and_trust(string file)
    {
        var found = Read(file).Segments.Select(segment => Key(segment.Path, GoldenFiles.WordOf(segment.Surface), GoldenFiles.WordOf(segment.Trust), segment.Text)).ToList();
        var missing = Texts(file).SelectMany(KeysOf).Where(key => !found.Remove(key));
        Assert.Empty(missing);
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void ReadRequest_sample_gives_no_text_beyond_the_expected_ones_but_metadata_and_names(string file)
    {
        var expected = Texts(file).SelectMany(KeysOf).ToHashSet();
        var surplus = Read(file).Segments.Where(segment =>
            segment.Surface != Surface.Metadata
            && (segment.Flags & (SegmentFlags.Nested | SegmentFlags.Key)) == 0
            // The samples leave out ids and the age of a web page; the table has them.
            && !segment.Path.EndsWith(".id", StringComparison.Ordinal)
            && !segment.Path.EndsWith(".page_age", StringComparison.Ordinal)
            && !expected.Contains(Key(segment.Path, GoldenFiles.WordOf(segment.Surface), GoldenFiles.WordOf(segment.Trust), segment.Text)));
        Assert.Empty(surplus);
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void ReadRequest_sample_flags_names_binary_and_opaque_text(string file)
    {
        var segments = Read(file).Segments;
        foreach (var text in Texts(file))
        {
            var flags = segments.Where(segment => segment.Path == text.GetProperty("path").GetString() && segment.Text == text.GetProperty("text").GetString())
                .Select(segment => segment.Flags).ToArray();
            foreach (var (name, flag) in new[] { ("key", SegmentFlags.Key), ("binary", SegmentFlags.Binary), ("opaque", SegmentFlags.Opaque) })
            {
                Assert.True(!text.TryGetProperty(name, out _) || flags.Any(found => found.HasFlag(flag)), $"{text} is not {name}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void ReadRequest_sample_lists_tools_declared_and_called(string file)
    {
        var content = Read(file).Request.Content;
        var line = GoldenFiles.ExpectationOf(file);
        Assert.Equal(line.GetProperty("tools_declared").EnumerateArray().Select(name => name.GetString()), content.Tools.Select(tool => tool.Name));

        var calls = line.GetProperty("tools_called").EnumerateArray().Select(call =>
        {
            var arguments = call.GetProperty("arguments");
            return (call.GetProperty("name").GetString()!, Compact(arguments), call.TryGetProperty("server", out _), History: true);
        });
        Assert.Equal(calls, content.ToolCalls.Select(call => (call.Name, Compact(call.Arguments), call.ProviderSide, call.History)));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void ReadRequest_hazard_is_refused_with_its_reason(string file)
    {
        // What arrives compressed is refused by its header; a body that lies about it fails as text.
        var reason = file.EndsWith(".bin", StringComparison.Ordinal) ? "not_utf8" : GoldenFiles.ExpectationOf(file).GetProperty("reason").GetString();
        Assert.Equal(reason, Read(file).Fault?.Reason);
    }

    [Theory]
    [InlineData("anthropic-beta.mcp-servers.request.json", "unknown_field")]
    [InlineData("anthropic-beta.inline-tools-fallback.request.json", "unknown_field")]
    public void ReadRequest_beta_that_opens_unseen_state_is_refused(string file, string reason)
    {
        Assert.Equal(reason, Reading.Of(Reading.Anthropic, GoldenFiles.Read(file)).Fault?.Reason);
    }

    private static TheoryData<string> Files(Func<JsonElement, bool> filter) =>
        [.. GoldenFiles.Expectations().Where(filter).Select(line => line.GetProperty("file").GetString()!)];

    private static Reading Read(string file)
    {
        var tolerates = file.StartsWith("anthropic-beta", StringComparison.Ordinal) ? Reading.Everything : default;
        return Reading.Of(SampleFormats.Of(file), GoldenFiles.Read(file), SampleFormats.PathModelOf(file), tolerates);
    }

    private static IEnumerable<JsonElement> Texts(string file) => GoldenFiles.ExpectationOf(file).GetProperty("texts").EnumerateArray();

    // What stands encoded is read twice: as it stands and as what it says.
    private static IEnumerable<string> KeysOf(JsonElement text) => new[] { "text", "decoded" }
        .Where(form => text.TryGetProperty(form, out _))
        .Select(form => Key(
            text.GetProperty("path").GetString()!,
            text.GetProperty("role").GetString()!,
            text.GetProperty("trust").GetString()!,
            text.GetProperty(form).GetString()!));

    private static string Key(string path, string role, string trust, string text) => $"{path} {role} {trust} {text}";

    // An object stands in the sample with its own white space.
    private static string Compact(JsonElement arguments) =>
        arguments.ValueKind == JsonValueKind.String ? arguments.GetString()! : JsonSerializer.Serialize(arguments);

    private static string Compact(string arguments) =>
        arguments.StartsWith('{') ? JsonSerializer.Serialize(JsonDocument.Parse(arguments).RootElement) : arguments;
}
