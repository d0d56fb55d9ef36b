using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gateway.Core.Detection.Patterns.Syntax;

namespace Gateway.Core.Detection.Patterns;

/// <summary>
/// One parsed pattern: the part of .NET's regular expressions that can be matched in linear time. It asks only whether and where a text
/// contains a match; greedy and lazy quantifiers mean the same. Immutable. Lengths are in UTF-16 units.
/// </summary>
public sealed class Pattern
{
    /// <summary>Longest pattern, in UTF-16 units.</summary>
    public const int MaxSourceLength = 2_000;

    /// <summary>Most automaton states that one pattern may expand to: what one character of text can cost at worst.</summary>
    public const int MaxStateCount = 5_000;

    private Pattern(string source, PatternNode root)
    {
        Source = source;
        Root = root;
    }

    /// <summary>The pattern as written.</summary>
    public string Source { get; }

    /// <summary>Length of the shortest text that matches; at least 1.</summary>
    public int MinLength => Root.MinLength;

    /// <summary>Length of the longest text that matches; null if there is no limit, so that a stream could be held back for ever.</summary>
    public int? MaxLength => Root.MaxLength == PatternNode.Unbounded ? null : Root.MaxLength;

    /// <summary>Upper bound of the automaton states this pattern takes; a set holds at most <see cref="PatternSet.MaxStateCount"/>.</summary>
    public int StateCount => Root.Size + 1;

    internal PatternNode Root { get; }

    /// <summary>Parses <paramref name="source"/>; on refusal the error says where and how to fix it. Time and memory are linear in the limits above.</summary>
    public static bool TryParse(
        string source, bool ignoreCase, [NotNullWhen(true)] out Pattern? pattern, [NotNullWhen(false)] out PatternError? error)
    {
        pattern = null;
        error = CheckLength(source);
        return error is null && TryParseAnyLength(source, ignoreCase, out pattern, out error);
    }

    /// <summary>The same for patterns that the gateway itself writes: only what they cost to run is bounded, not how long they are written.</summary>
    internal static bool TryParseAnyLength(
        string source, bool ignoreCase, [NotNullWhen(true)] out Pattern? pattern, [NotNullWhen(false)] out PatternError? error)
    {
        pattern = null;
        PatternNode? root = PatternParser.TryParse(source, ignoreCase, out error);
        if (root is null)
        {
            error ??= new PatternError(0, "The pattern could not be read.");
            return false;
        }

        error = CheckTree(root);
        pattern = error is null ? new Pattern(source, root) : null;
        return pattern is not null;
    }

    private static PatternError? CheckLength(string source) => source.Length switch
    {
        0 => new PatternError(0, "The pattern is empty; it would match every text."),
        > MaxSourceLength => new PatternError(
            MaxSourceLength,
            string.Create(CultureInfo.InvariantCulture, $"The pattern is longer than {MaxSourceLength} characters; split it into several rules.")),
        _ => null,
    };

    private static PatternError? CheckTree(PatternNode root)
    {
        if (root.MinLength == 0)
        {
            return new PatternError(0, "The pattern matches the empty text, so it would match everything; make at least one character required.");
        }

        return root.Size < MaxStateCount
            ? null
            : new PatternError(
                0,
                string.Create(CultureInfo.InvariantCulture, $"The pattern expands to more than {MaxStateCount} states; lower its repetition counts."));
    }
}
