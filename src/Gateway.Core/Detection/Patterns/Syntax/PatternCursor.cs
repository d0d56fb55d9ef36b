namespace Gateway.Core.Detection.Patterns.Syntax;

/// <summary>Where the parsers stand in a pattern, and the first thing they refused.</summary>
internal sealed class PatternCursor(string source, bool ignoreCase)
{
    public string Source { get; } = source;

    public int Position { get; set; }

    /// <summary>Changes with <c>(?i)</c> and <c>(?-i)</c> until the enclosing group ends.</summary>
    public bool IgnoreCase { get; set; } = ignoreCase;

    public PatternError? Error { get; private set; }

    public bool AtEnd => Position >= Source.Length;

    public char Current => Source[Position];

    /// <summary>The unit <paramref name="offset"/> places ahead, or NUL behind the end.</summary>
    public char Peek(int offset = 0) => Position + offset < Source.Length ? Source[Position + offset] : '\0';

    public bool StartsWith(string text) => string.CompareOrdinal(Source, Position, text, 0, text.Length) == 0;

    public bool TryTake(string text)
    {
        bool taken = StartsWith(text);
        Position += taken ? text.Length : 0;
        return taken;
    }

    /// <summary>Keeps the first error only: what follows from it would mislead.</summary>
    public void Fail(int position, string message) => Error ??= new PatternError(position, message);

    public CharSet SetOf(char c) => IgnoreCase ? CaseEquivalence.Of(c) : CharSet.Single(c);
}
