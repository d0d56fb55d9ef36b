using System.Diagnostics.CodeAnalysis;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies.Documents;

/// <summary>
/// What a value of a document must look like. The shapes together declare the vocabulary once: each reads its value, or reports every mistake
/// in it with the fix.
/// </summary>
internal interface IShape<T>
{
    /// <summary>Reads <paramref name="node"/>. False: it is not of this shape, and the reasons are in <paramref name="errors"/>.</summary>
    bool TryRead(YamlNode node, DocumentErrors errors, [MaybeNullWhen(false)] out T value);

    /// <summary>What it accepts.</summary>
    ShapeDescription Describe();
}

/// <summary>A value and the node it was read from, so that a later check can point at it.</summary>
internal sealed record Located<T>(T Value, YamlNode Node)
{
    public YamlPlace Place => Node.Place;
}
