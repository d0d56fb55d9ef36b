using System.Text;
using Gateway.Core.Policies;
using Xunit;

namespace Gateway.Core.Tests.Policies;

/// <summary>
/// The examples of the operators' guide are what it says they are. In a section, each YAML block is the file that its first line names; a text block holds
/// all messages for the files so far, and a block that begins with "effective" the whole policy of that name.
/// </summary>
public sealed class PolicyDocumentationTests
{
    public static TheoryData<string> Sections => [.. Blocks().Select(block => block.Section).Distinct()];

    [Theory]
    [MemberData(nameof(Sections))]
    public void Examples_of_the_guide_compile_to_what_it_says(string section)
    {
        var files = new List<PolicyFile>();
        var isChecked = false;
        foreach (var (_, language, text) in Blocks().Where(block => block.Section == section))
        {
            var head = text.Split('\n')[0];
            if (language == "text")
            {
                Assert.Equal(text.TrimEnd().Split('\n'), PolicyTestFiles.Compile([.. files]).Errors.Select(error => error.ToString()));
                isChecked = true;
            }
            else if (head.StartsWith("# effective: ", StringComparison.Ordinal))
            {
                var name = head["# effective: ".Length..];
                Assert.Empty(PolicyTestFiles.Compile([.. files]).Errors);
                Assert.Equal(PolicyFamily.Effective(name, PolicyTestFiles.Document($"policy: {name}\n{text}")), PolicyFamily.Effective(name, [.. files]));
            }
            else
            {
                files.Add(new PolicyFile(head["# ".Length..], Encoding.UTF8.GetBytes(text)));
                isChecked = false;
            }
        }

        Assert.True(isChecked || PolicyTestFiles.Compile([.. files]).Errors.Count == 0);
    }

    [Fact]
    public void Guide_has_examples_of_every_part() => Assert.Equal(["Extending", "Locking", "Attaching"], Blocks().Select(block => block.Section).Distinct());

    [Fact]
    public void Sample_documents_for_extending_compile()
    {
        var content = new PolicyFolder(TestFolders.InRepository("policies", "examples")).Read();
        var compilation = PolicyCompiler.Compile(content.Files, DateTimeOffset.UnixEpoch);

        Assert.Empty(content.Errors);
        Assert.Empty(compilation.Errors);
        Assert.Equal("acme-nightly", compilation.Snapshot!.Attached(new PolicySubject("acme", KeyId: "0123456789ab"))!.Name);
        Assert.Equal("support-assistant", compilation.Snapshot.Attached(new PolicySubject("acme"))!.Name);
    }

    private static List<(string Section, string Language, string Text)> Blocks()
    {
        var blocks = new List<(string, string, string)>();
        var (section, language) = ("", (string?)null);
        var text = new StringBuilder();
        foreach (var line in File.ReadLines(TestFolders.InRepository("deploy", "docs", "policies.md")))
        {
            if (language is null)
            {
                section = line.StartsWith("## ", StringComparison.Ordinal) ? line[3..] : section;
                language = line.StartsWith("```", StringComparison.Ordinal) ? line[3..] : null;
            }
            else if (line == "```")
            {
                blocks.Add((section, language, text.ToString()));
                language = null;
                text.Clear();
            }
            else
            {
                text.Append(line).Append('\n');
            }
        }

        return blocks;
    }
}
