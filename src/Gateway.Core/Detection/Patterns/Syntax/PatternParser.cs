using System.Collections.Immutable;
using System.Globalization;

namespace Gateway.Core.Detection.Patterns.Syntax;

/// <summary>
/// Recursive-descent parser for the linear-time subset of .NET's regular expressions. What it accepts means what it means to .NET with
/// <c>CultureInvariant</c>; what needs backtracking, or could be read in two ways, is refused.
/// </summary>
internal sealed class PatternParser
{
    /// <summary>Bounds the parser's recursion, and with it the recursion of everything that walks the tree.</summary>
    private const int MaxDepth = 100;

    private readonly PatternCursor _cursor;
    private int _depth;

    private PatternParser(PatternCursor cursor) => _cursor = cursor;

    public static PatternNode? TryParse(string source, bool ignoreCase, out PatternError? error)
    {
        var cursor = new PatternCursor(source, ignoreCase);
        PatternNode? node = new PatternParser(cursor).ParseAlternation();
        if (node is not null && !cursor.AtEnd)
        {
            cursor.Fail(cursor.Position, "There is no group to close here; remove the parenthesis or escape it: \\).");
        }

        error = cursor.Error;
        return error is null ? node : null;
    }

    private PatternNode? ParseAlternation()
    {
        var branches = ImmutableArray.CreateBuilder<PatternNode>();
        do
        {
            if (ParseSequence() is not { } branch)
            {
                return null;
            }

            branches.Add(branch);
        }
        while (_cursor.TryTake("|"));

        return branches.Count == 1 ? branches[0] : new AlternationNode(branches.ToImmutable());
    }

    private PatternNode? ParseSequence()
    {
        var items = ImmutableArray.CreateBuilder<PatternNode>();
        while (!_cursor.AtEnd && _cursor.Current is not ('|' or ')'))
        {
            if (TryTakeInlineOption())
            {
                continue;
            }

            if (_cursor.Error is not null || ParseAtom() is not { } atom || ParseQuantifier(atom) is not { } item)
            {
                return null;
            }

            items.Add(item);
        }

        return items.Count == 1 ? items[0] : new SequenceNode(items.ToImmutable());
    }

    /// <summary><c>(?i)</c> and <c>(?-i)</c> hold until the enclosing group ends; a quantifier has nothing to repeat behind them.</summary>
    private bool TryTakeInlineOption()
    {
        bool on = _cursor.TryTake("(?i)");
        if (!on && !_cursor.TryTake("(?-i)"))
        {
            return false;
        }

        _cursor.IgnoreCase = on;
        return !RefuseQuantifierWithoutAtom();
    }

    private PatternNode? ParseAtom()
    {
        char c = _cursor.Current;
        switch (c)
        {
            case '(':
                return ParseGroup();
            case '[':
                return CharClassParser.TryParse(_cursor) is { } set ? new CharNode(set) : null;
            case '\\':
                return ParseEscape();
            case '.':
                _cursor.Position++;
                return new CharNode(UnicodeSets.NotNewline);
            case '^':
                _cursor.Position++;
                return new AssertionNode(Assertion.TextStart);
            case '$':
                _cursor.Position++;
                return new AssertionNode(Assertion.TextEnd);
            default:
                if (RefuseQuantifierWithoutAtom())
                {
                    return null;
                }

                _cursor.Position++;
                return new CharNode(_cursor.SetOf(c));
        }
    }

    private bool RefuseQuantifierWithoutAtom()
    {
        if (_cursor.AtEnd || !QuantifierParser.IsQuantifier(_cursor))
        {
            return false;
        }

        _cursor.Fail(_cursor.Position, "The quantifier has nothing to repeat; escape it with a backslash if it stands for itself.");
        return true;
    }

    private PatternNode? ParseEscape()
    {
        Assertion? assertion = _cursor.Peek(1) switch
        {
            'A' => Assertion.TextStart,
            'Z' => Assertion.TextEnd,
            'z' => Assertion.StrictTextEnd,
            'b' => Assertion.WordBoundary,
            'B' => Assertion.NotWordBoundary,
            _ => null,
        };
        if (assertion is not null)
        {
            _cursor.Position += 2;
            return new AssertionNode(assertion.Value);
        }

        return EscapeParser.TryParse(_cursor) is { } escape ? new CharNode(escape.Set ?? _cursor.SetOf(escape.Unit)) : null;
    }

    private PatternNode? ParseGroup()
    {
        int open = _cursor.Position;
        bool outer = _cursor.IgnoreCase;
        if (!GroupParser.TryTakeOpening(_cursor))
        {
            return null;
        }

        if (++_depth > MaxDepth)
        {
            _cursor.Fail(open, string.Create(CultureInfo.InvariantCulture, $"Groups are nested deeper than {MaxDepth}; simplify the pattern."));
            return null;
        }

        PatternNode? node = ParseAlternation();
        _depth--;
        if (node is not null && !_cursor.TryTake(")"))
        {
            _cursor.Fail(open, "The group is not closed; add ), or escape the parenthesis: \\(.");
            return null;
        }

        _cursor.IgnoreCase = outer;
        return node;
    }

    private PatternNode? ParseQuantifier(PatternNode atom)
    {
        int start = _cursor.Position;
        if (_cursor.AtEnd || !QuantifierParser.IsQuantifier(_cursor))
        {
            return atom;
        }

        if (QuantifierParser.TryParse(_cursor) is not var (min, max))
        {
            return null;
        }

        var node = new RepeatNode(atom, min, max);
        if (node.Size > Pattern.MaxStateCount)
        {
            _cursor.Fail(
                start,
                string.Create(CultureInfo.InvariantCulture, $"The repetition expands to more than {Pattern.MaxStateCount} states; lower its counts."));
            return null;
        }

        return node;
    }
}
