using Gateway.Core.Policies;
using Xunit;
using static Gateway.Core.Tests.Policies.PolicyTestFiles;

namespace Gateway.Core.Tests.Policies;

public sealed class PolicyFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_takes_yaml_files_in_ordinal_order_whatever_the_case_of_the_extension()
    {
        foreach (var name in (string[])["b.yml", "a.yaml", "C.YAML", "readme.md", "schema.json", "yaml"])
        {
            _folder.Write(name, Minimal);
        }

        Assert.Equal(["C.YAML", "a.yaml", "b.yml"], Names(Read()));
    }

    [Theory]
    [InlineData(".hidden.yaml")]
    [InlineData(".#default.yaml")]
    [InlineData("..2026_01_31/default.yaml")]
    [InlineData("tests/cases.yaml")]
    [InlineData("examples/other.yaml")]
    [InlineData("notes/readme.md")]
    public void Read_leaves_out_what_is_no_policy_of_the_folder(string name)
    {
        _folder.Write(name, Minimal);

        var content = Read();

        Assert.Empty(content.Files);
        Assert.Empty(content.Errors);
    }

    [Fact]
    public void Read_document_in_another_sub_folder_is_an_error_rather_than_ignored()
    {
        _folder.Write("tenants/acme.yaml", Minimal);

        Assert.Equal(
            "tenants: the sub-folder holds documents, but only the policies folder itself is read; move them up, or into examples",
            Assert.Single(Read().Errors).ToString());
    }

    [Fact]
    public void Read_missing_folder_says_so()
    {
        var content = new PolicyFolder(_folder["missing"]).Read();

        Assert.False(content.Exists);
        Assert.Contains("does not exist", Assert.Single(content.Errors).Message);
    }

    [Fact]
    public void Read_link_that_leaves_the_folder_is_refused()
    {
        using var outside = new TemporaryFolder();
        outside.Write("secret.yaml", Minimal);
        File.CreateSymbolicLink(_folder["a.yaml"], outside["secret.yaml"]);

        AssertRefused("a.yaml: the symbolic link leaves the policies folder; copy the document into the folder");
    }

    [Fact]
    public void Read_link_through_a_linked_folder_that_leaves_is_refused()
    {
        using var outside = new TemporaryFolder();
        outside.Write("secret.yaml", Minimal);
        Directory.CreateSymbolicLink(_folder[".data"], outside.Path);
        File.CreateSymbolicLink(_folder["a.yaml"], ".data/secret.yaml");

        AssertRefused("a.yaml: the symbolic link leaves the policies folder; copy the document into the folder");
    }

    [Fact]
    public void Read_link_to_a_sibling_with_the_same_beginning_is_refused()
    {
        _folder.Write("policies/readme.md", "");
        _folder.Write("policies-old/a.yaml", Minimal);
        File.CreateSymbolicLink(_folder["policies/a.yaml"], "../policies-old/a.yaml");

        Assert.Contains("leaves the policies folder", Assert.Single(new PolicyFolder(_folder["policies"]).Read().Errors).Message);
    }

    [Theory]
    [InlineData("nowhere.yaml")]
    [InlineData("a.yaml")]
    public void Read_link_that_leads_nowhere_is_refused(string target)
    {
        File.CreateSymbolicLink(_folder["a.yaml"], target);

        AssertRefused("a.yaml: the symbolic link leads nowhere; remove it");
    }

    [Fact]
    public void Read_links_of_a_mounted_config_map_are_followed()
    {
        _folder.Write("..2026_01_31/default.yaml", Minimal);
        Directory.CreateSymbolicLink(_folder["..data"], "..2026_01_31");
        File.CreateSymbolicLink(_folder["default.yaml"], "..data/default.yaml");

        var content = Read();

        Assert.Empty(content.Errors);
        Assert.Equal(Minimal, System.Text.Encoding.UTF8.GetString(Assert.Single(content.Files).Content.Span));
    }

    [Fact]
    public void Read_folder_that_is_itself_a_link_is_followed()
    {
        _folder.Write("v1/a.yaml", Minimal);
        Directory.CreateSymbolicLink(_folder["current"], "v1");

        Assert.Equal(["a.yaml"], Names(new PolicyFolder(_folder["current"]).Read()));
    }

    [Fact]
    public void Read_file_name_with_a_line_break_is_refused_and_shown_on_one_line()
    {
        _folder.Write("a\n2026 INFO all is well.yaml", Minimal);

        AssertRefused("a\\u000a2026 INFO all is well.yaml: the file name has characters that could not be shown in a message; rename the file");
    }

    [Fact]
    public void Read_document_beyond_the_limit_is_read_no_further_than_to_refuse_it()
    {
        _folder.Write("a.yaml", new string('#', 3 * PolicyFile.MaxBytes));

        var file = Assert.Single(Read().Files);

        Assert.Equal(PolicyFile.MaxBytes + 1, file.Content.Length);
        Assert.Contains("more than 1048576", Assert.Single(Compile(file).Errors).Message);
    }

    [Fact]
    public void Read_too_many_documents_is_an_error()
    {
        for (var index = 0; index <= PolicyFolder.MaxFiles; index++)
        {
            _folder.Write($"{index}.yaml", "");
        }

        Assert.Contains("at most 1000", Assert.Single(Read().Errors).Message);
    }

    [Fact]
    public void Read_too_many_bytes_together_is_an_error()
    {
        for (var index = 0; index < 17; index++)
        {
            _folder.Write($"{index}.yaml", new string('#', PolicyFile.MaxBytes));
        }

        Assert.Contains("bytes together", Assert.Single(Read().Errors).Message);
    }

    [Fact]
    public void Fingerprint_changes_with_content_and_not_with_time()
    {
        _folder.Write("a.yaml", Minimal);
        var before = Read().Fingerprint;
        File.SetLastWriteTimeUtc(_folder["a.yaml"], DateTime.UnixEpoch);
        var touched = Read().Fingerprint;
        _folder.Write("a.yaml", Minimal.Replace("acme", "acmf"));

        Assert.Equal(before, touched);
        Assert.NotEqual(before, Read().Fingerprint);
    }

    private static IEnumerable<string> Names(PolicyFolderContent content) => content.Files.Select(file => file.Name);

    private PolicyFolderContent Read() => new PolicyFolder(_folder.Path).Read();

    private void AssertRefused(string error)
    {
        var content = Read();

        Assert.Empty(content.Files);
        Assert.Equal(error, Assert.Single(content.Errors).ToString());
    }
}
