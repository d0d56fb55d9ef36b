using System.Collections.Immutable;

namespace Gateway.Core.Policies.Documents;

/// <summary>What a shape accepts, as data: the schema for editors and the list of settings are made from it, so that neither can name a key that no reader knows.</summary>
internal abstract record ShapeDescription;

/// <summary>A mapping with declared keys.</summary>
internal sealed record MapDescription(ImmutableArray<FieldDescription> Fields) : ShapeDescription;

/// <summary>One declared key.</summary>
internal sealed record FieldDescription(string Key, bool IsRequired, ShapeDescription Shape);

/// <summary>A list of 1 to <paramref name="Most"/> values.</summary>
internal sealed record ListDescription(ShapeDescription Item, int Most) : ShapeDescription;

/// <summary>A mapping whose keys are the author's own.</summary>
internal sealed record NamedDescription(ShapeDescription Name, ShapeDescription Item, int Most) : ShapeDescription;

/// <summary>One of a closed list of words.</summary>
internal sealed record WordDescription(ImmutableArray<string> Words) : ShapeDescription;

/// <summary>A whole number.</summary>
internal sealed record WholeDescription(long Least, long Most) : ShapeDescription;

/// <summary>Text of 1 to <paramref name="Most"/> UTF-16 units.</summary>
/// <param name="Most">Longest text.</param>
/// <param name="Pattern">A regular expression (ECMA-262) that every accepted text matches; null: any text. It may let through what the shape refuses.</param>
internal sealed record TextDescription(int Most, string? Pattern) : ShapeDescription;

/// <summary><c>true</c> or <c>false</c>.</summary>
internal sealed record FlagDescription : ShapeDescription;
