using Gateway.Core.Detection.Patterns.Syntax;

namespace Gateway.Core.Tests.Detection.Patterns;

/// <summary>
/// The meaning of a pattern, written down as plainly as possible: the set of positions at which a node can end, for a set of positions at which
/// it begins. Gives every match of a text, which .NET's engine does not; that the two agree is a test of its own.
/// </summary>
internal static class PatternReference
{
    /// <summary>Every (start, end) at which a match lies.</summary>
    public static List<(int Start, int End)> Spans(PatternNode pattern, string text) =>
    [
        .. Enumerable.Range(0, text.Length + 1).SelectMany(start => Ends(pattern, text, [start]).Where(end => end > start).Select(end => (start, end))),
    ];

    private static HashSet<int> Ends(PatternNode node, string text, HashSet<int> starts) => node switch
    {
        CharNode chars => [.. starts.Where(at => at < text.Length && chars.Set.Contains(text[at])).Select(at => at + 1)],
        AssertionNode assertion => [.. starts.Where(at => Holds(assertion.Assertion, text, at))],
        SequenceNode sequence => sequence.Items.Aggregate(starts, (at, item) => Ends(item, text, at)),
        AlternationNode alternation => [.. alternation.Branches.SelectMany(branch => Ends(branch, text, starts))],
        RepeatNode repeat => Repeated(repeat, text, starts),
        _ => throw new InvalidOperationException(),
    };

    private static HashSet<int> Repeated(RepeatNode node, string text, HashSet<int> starts)
    {
        for (int i = 0; i < node.Min; i++)
        {
            starts = Ends(node.Item, text, starts);
        }

        var ends = new HashSet<int>(starts);
        for (int i = node.Min; i < node.Max && starts.Count > 0; i++)
        {
            starts = [.. Ends(node.Item, text, starts).Where(ends.Add)];
        }

        return ends;
    }

    private static bool Holds(Assertion assertion, string text, int at) => assertion switch
    {
        Assertion.TextStart => at == 0,
        Assertion.TextEnd => at == text.Length || (at == text.Length - 1 && text[at] == '\n'),
        Assertion.StrictTextEnd => at == text.Length,
        Assertion.WordBoundary => IsWord(text, at - 1) != IsWord(text, at),
        _ => IsWord(text, at - 1) == IsWord(text, at),
    };

    private static bool IsWord(string text, int at) => at >= 0 && at < text.Length && UnicodeSets.BoundaryWord.Contains(text[at]);
}
