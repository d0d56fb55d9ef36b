using System.Text;
using CsCheck;
using Gateway.Core.Policies;
using Xunit;

namespace Gateway.Core.Tests.Policies;

/// <summary>Whatever a document holds, compiling it ends in a snapshot or in errors that can be shown, never in a fault.</summary>
public sealed class PolicyDocumentPropertyTests
{
    private static readonly string[] Documents = [.. Directory.GetFiles(
        TestFolders.InRepository("tests", "Gateway.Core.Tests", "Policies", "Broken"), "*.yaml").Append(TestFolders.InRepository("policies", "default.yaml")).Order()];

    private static readonly string[] Pieces =
    [
        "[", "]", "{", "}", ":", "- ", "\n", "  ", "'", "\"", "|\n", ">\n", "&a ", "*a", "!", "%", "#", "?", "<<", "\\u", "\t", "\r", "---\n", "...\n", ",", "\u2028",
    ];

    private static readonly Gen<byte[]> Fragment =
        Gen.OneOf(Gen.Int[0, Pieces.Length - 1].Select(index => Encoding.UTF8.GetBytes(Pieces[index])), Gen.Byte.Array[1, 4]);

    [Fact]
    public void Compile_mutated_document_never_throws_and_never_gives_neither()
    {
        var mutation = Gen.Select(Gen.Int[0, Documents.Length - 1], Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 6], Fragment).Array[1, 4]);
        mutation.Sample(
            drawn =>
            {
                var bytes = File.ReadAllBytes(Documents[drawn.Item1]).ToList();
                foreach (var (at, removed, inserted) in drawn.Item2)
                {
                    var position = at % (bytes.Count + 1);
                    bytes.RemoveRange(position, Math.Min(removed, bytes.Count - position));
                    bytes.InsertRange(position, inserted);
                }

                AssertSound(new PolicyFile("p.yaml", bytes.ToArray()));
            },
            iter: 3_000);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a: ")]
    [InlineData("'")]
    [InlineData("\"")]
    [InlineData("&a ")]
    [InlineData("[a, ")]
    [InlineData("{a: ")]
    [InlineData("|\n")]
    [InlineData("!a ")]
    [InlineData("a\n")]
    [InlineData("\n")]
    [InlineData("#\n")]
    public void Compile_largest_document_of_one_repeated_piece_ends(string piece) =>
        AssertSound(new PolicyFile("p.yaml", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, PolicyFile.MaxBytes / piece.Length)))));

    private static void AssertSound(PolicyFile file)
    {
        var compilation = PolicyCompiler.Compile([file], DateTimeOffset.UnixEpoch);

        Assert.Equal(compilation.Snapshot is null, compilation.Errors.Count > 0);
        Assert.All(compilation.Errors, error =>
        {
            Assert.InRange(error.Source.Line, 1, int.MaxValue);
            Assert.InRange(error.Source.Column, 1, int.MaxValue);
            Assert.DoesNotContain(error.ToString(), character => char.IsControl(character));
        });
    }
}
