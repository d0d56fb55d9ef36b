using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Detection.Patterns;

// PLACEHOLDER until the pattern engine lands: same public surface, .NET's linear-time engine inside.
#pragma warning disable CS1591
public sealed record PatternError(int Position, string Message);

public readonly record struct PatternMatch(int Pattern, long Start, long End);

public sealed class Pattern
{
    public required string Source { get; init; }
    public int MinLength { get; init; }
    public int? MaxLength { get; init; }
    internal System.Text.RegularExpressions.Regex Regex { get; init; } = null!;

    public static bool TryParse(string source, bool ignoreCase, [NotNullWhen(true)] out Pattern? pattern, [NotNullWhen(false)] out PatternError? error)
    {
        try
        {
            var options = System.Text.RegularExpressions.RegexOptions.NonBacktracking | System.Text.RegularExpressions.RegexOptions.CultureInvariant;
            options |= ignoreCase ? System.Text.RegularExpressions.RegexOptions.IgnoreCase : 0;
            pattern = new Pattern { Source = source, MinLength = 1, MaxLength = source.Length, Regex = new(source, options) };
            error = null;
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            pattern = null;
            error = new PatternError(0, exception.Message);
            return false;
        }
    }
}

public sealed class PatternSet
{
    private readonly Pattern[] _patterns;

    private PatternSet(Pattern[] patterns) => _patterns = patterns;

    public int Count => _patterns.Length;

    public static PatternSet Compile(IReadOnlyList<Pattern> patterns) => new([.. patterns]);

    public int MatchesAny(ReadOnlySpan<char> text, Span<PatternMatch> matches)
    {
        var count = 0;
        for (var i = 0; i < _patterns.Length && count < matches.Length; i++)
        {
            foreach (var match in _patterns[i].Regex.EnumerateMatches(text))
            {
                matches[count++] = new PatternMatch(i, match.Index, match.Index + match.Length);
                break;
            }
        }

        return count;
    }

    public PatternScanner CreateScanner() => new(this);
}

public sealed class PatternScanner(PatternSet set)
{
    private readonly System.Text.StringBuilder _text = new();
    private readonly List<PatternMatch> _matches = [];

    public bool HasMatch => _matches.Count > 0;

    public IReadOnlyList<PatternMatch> Matches => _matches;

    public long Position => _text.Length;

    public long SafePosition { get; private set; }

    public void Reset()
    {
        _text.Clear();
        _matches.Clear();
        SafePosition = 0;
    }

    public void Feed(ReadOnlySpan<char> text)
    {
        _text.Append(text);
        Scan();
        SafePosition = Math.Max(SafePosition, _text.Length - 64);
    }

    public void Complete()
    {
        Scan();
        SafePosition = _text.Length;
    }

    private void Scan()
    {
        Span<PatternMatch> found = new PatternMatch[set.Count];
        var count = set.MatchesAny(_text.ToString(), found);
        foreach (var match in found[..count])
        {
            if (!_matches.Exists(known => known.Pattern == match.Pattern))
            {
                _matches.Add(match);
            }
        }
    }
}
