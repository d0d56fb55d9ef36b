using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Formats.Coverage;

/// <summary>Lists what a request's table does with every string and every capability, by walking the table as the reader walks a body.</summary>
internal static class ShapeCoverage
{
    /// <summary>The part that is the body itself.</summary>
    public const string Body = "body";

    private const string Others = "(other members)";

    /// <summary>All members of <paramref name="root"/>, in the order of the table.</summary>
    public static IEnumerable<CoverageLeaf> Of(Shape root) => Walk(root, new Place(Body, "", default, IsGoverned: false));

    private static IEnumerable<CoverageLeaf> Walk(Shape shape, Place place)
    {
        var here = place.With(shape.Marks);
        if (shape.Kind != ShapeKind.Refused && shape.Capability is { } own)
        {
            here = here.With([own]);
        }

        return shape.Kind switch
        {
            ShapeKind.Text or ShapeKind.Word or ShapeKind.JsonText or ShapeKind.Any or ShapeKind.Schema => [here.Leaf(shape.Surface)],
            ShapeKind.Object => Members(shape, here).Concat(shape.OnFlag is { } flagged ? Members(flagged, here.Flagged(shape.Flag!)) : []),
            ShapeKind.Tag => shape.ReadAs.SelectMany(form => Walk(form, here)),
            ShapeKind.Array => Walk(shape.Item!, here with { Member = here.Member + "[]" }),
            ShapeKind.Tagged => Cases(shape.Tags!, here),
            ShapeKind.Either => Forms(shape).SelectMany(form => Walk(form, here)),
            ShapeKind.Refused => Refused(shape, here),

            // Numbers and switches carry no text; they count where they open something.
            _ => here.IsGoverned && !place.IsGoverned ? [here.Leaf(surface: null)] : [],
        };
    }

    // A list that may be given as its only item has the same strings either way.
    private static IEnumerable<Shape> Forms(Shape shape) => new[] { shape.OnString, shape.OnArray, shape.OnObject, shape.OnNumbers }.OfType<Shape>()
        .Where(form => form == shape.OnArray || form != shape.OnArray?.Item);

    private static IEnumerable<CoverageLeaf> Refused(Shape shape, Place here) => shape.Capability is { } capability
        ? Walk(shape.Item ?? ShapeWalker.Anything, here.With([capability]))
        : [here.Leaf(surface: null) with { Treatment = CoverageTreatment.Refused, Settings = default }];

    private static IEnumerable<CoverageLeaf> Members(Shape shape, Place here)
    {
        foreach (var field in shape.Fields!.Fields)
        {
            foreach (var leaf in Walk(field.Shape, here.At(field.Name)))
            {
                yield return leaf;
            }
        }

        var rest = here.At(Others);
        foreach (var leaf in Walk(shape.Rest!, shape.IsRoot ? rest.With([Capability.UnknownMember]) : rest))
        {
            yield return leaf;
        }
    }

    private static IEnumerable<CoverageLeaf> Cases(TagTable tags, Place here)
    {
        var cases = tags.Cases.Select(entry => (entry.Name, Leaves: Case(entry.Shape, here))).ToList();
        if (tags.Absent is { } absent)
        {
            cases.Add(($"(no {tags.Member})", Case(absent, here)));
        }

        cases.Add(($"(unknown {tags.Member})", Unknown(tags, here)));

        // Types that are treated alike are one kind.
        return cases.GroupBy(entry => entry.Leaves, LeafComparer.Instance).SelectMany(alike =>
        {
            var kind = string.Join('|', alike.Select(entry => entry.Name));
            return alike.Key.Select(leaf => leaf with { Part = here.Case(kind) + leaf.Part });
        });
    }

    private static CoverageLeaf[] Case(Shape shape, Place here) => [.. Walk(shape, here with { Part = "", Member = "" })];

    private static CoverageLeaf[] Unknown(TagTable tags, Place here)
    {
        if (tags.Otherwise is { } otherwise)
        {
            return Case(otherwise, here);
        }

        return tags.UnknownReason == RequestFaultReasons.UnknownType
            ? Case(tags.Unknown ?? ShapeWalker.UnknownPart, here)
            : [new CoverageLeaf("", "", Surface: null, CoverageTreatment.Refused, default)];
    }

    /// <summary>Where the walk stands. <see cref="Settings"/> are those of everything on the way.</summary>
    private readonly record struct Place(string Part, string Member, CapabilitySet Settings, bool IsGoverned)
    {
        public Place At(string name) => this with { Member = Member.Length == 0 ? name : $"{Member}.{name}" };

        public Place With(IReadOnlyList<Capability> capabilities) => capabilities.Count == 0
            ? this
            : this with { Settings = capabilities.Aggregate(Settings, (set, capability) => set.With(capability)), IsGoverned = true };

        /// <summary>The same object where its member <paramref name="flag"/> is true.</summary>
        public Place Flagged(byte[] flag) => this with { Member = $"{Member}({System.Text.Encoding.ASCII.GetString(flag)})" };

        public CoverageLeaf Leaf(Surface? surface) => new(
            Part, Member, surface, IsGoverned ? CoverageTreatment.Governed : CoverageTreatment.Inspected, Settings);

        /// <summary>The part of a case: the content of a part is known by its type alone, other members by their name too.</summary>
        public string Case(string kind)
        {
            var member = Member.Replace("[]", "", StringComparison.Ordinal);
            return Part == Body ? $"{member}/{kind}" : member is "" or "content" ? $"{Part}/{kind}" : $"{Part}/{member}:{kind}";
        }
    }

    private sealed class LeafComparer : IEqualityComparer<CoverageLeaf[]>
    {
        public static LeafComparer Instance { get; } = new();

        public bool Equals(CoverageLeaf[]? x, CoverageLeaf[]? y) => x!.SequenceEqual(y!);

        public int GetHashCode(CoverageLeaf[] obj) => obj.Aggregate(obj.Length, HashCode.Combine);
    }
}
