using System.Collections.Immutable;
using Gateway.Core.Policies.Documents;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies.Merging;

/// <summary>A document read as YAML and not yet as a policy.</summary>
/// <param name="File">Its name.</param>
/// <param name="Root">Its root; null when it is no mapping, or no YAML.</param>
/// <param name="Errors">Why it is not, and what of it is outside the part of YAML that is accepted.</param>
internal sealed record ParsedDocument(string File, YamlMapping? Root, DocumentErrors Errors)
{
    public static ParsedDocument Read(PolicyFile file)
    {
        var errors = new DocumentErrors(file.Name);
        var root = YamlText.Decode(file, errors) is { } text ? YamlTree.Read(text, errors) : null;
        if (root is not (null or YamlMapping))
        {
            // The shape says what a document has to be.
            PolicyShape.Document.TryRead(root, errors, out _);
        }

        return new ParsedDocument(file.Name, root as YamlMapping, errors);
    }
}

/// <summary>
/// What has to be known of a document before it can be put together with others. Mistakes in it are not reported here: the same values are read again as
/// part of the whole document.
/// </summary>
internal sealed record DocumentHeader(string Name, bool IsAbstract, ImmutableArray<Located<string>> Extends, YamlPlace? ExtendsPlace, ImmutableArray<Located<string>> Locked)
{
    public static DocumentHeader Of(YamlMapping root)
    {
        var ignored = new DocumentErrors("");
        var name = root.Find("policy") is { } node && Vocabulary.Identifier.TryRead(node, ignored, out var text) ? text : "";
        var isAbstract = root.Find("abstract") is { } flag && new FlagShape().TryRead(flag, ignored, out var value) && value;
        return new DocumentHeader(
            name, isAbstract, Names(root.Find("extends"), Vocabulary.Parents), root.Find("extends")?.Place, Names(root.Find("locked"), Vocabulary.LockedPaths));

        ImmutableArray<Located<string>> Names(YamlNode? list, IShape<ImmutableArray<Located<string>>> shape) =>
            list is not null && shape.TryRead(list, ignored, out var names) ? names : [];
    }
}
