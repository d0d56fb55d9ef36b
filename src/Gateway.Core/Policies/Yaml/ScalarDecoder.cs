using System.Globalization;
using System.Text;
using YamlDotNet.Core;

namespace Gateway.Core.Policies.Yaml;

/// <summary>Decodes one scalar and remembers, for each UTF-16 unit of its value, the index in the document that it came from.</summary>
/// <param name="text">The document.</param>
/// <param name="start">Index of the scalar's first character.</param>
/// <param name="style">How it is written.</param>
/// <param name="length">Length of the value to expect; decoding stops there.</param>
internal sealed class ScalarDecoder(string text, int start, ScalarStyle style, int length)
{
    // YAML 1.2, section 5.7; the hexadecimal escapes x, u and U are handled apart.
    private const string EscapeLetters = "0abtnvfre \"/\\N_LP";
    private const string EscapeValues = "\0\a\b\t\n\v\f\r\u001b \"/\\\u0085\u00a0\u2028\u2029";

    private readonly StringBuilder _value = new(length);
    private readonly List<int> _positions = new(length + 1);
    private int _at = start;

    /// <summary>The value and one more position than it has characters: the last is where it ends.</summary>
    public bool TryDecode(out string value, out IReadOnlyList<int> positions)
    {
        var decoded = style is ScalarStyle.Literal or ScalarStyle.Folded ? TryBlock() : TryFlow();
        _positions.Add(_at);
        (value, positions) = (_value.ToString(), _positions);
        return decoded && _value.Length == length;
    }

    private void Emit(char character, int position)
    {
        _value.Append(character);
        _positions.Add(position);
    }

    private bool TryFlow()
    {
        _at += style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted ? 1 : 0;
        while (_value.Length < length)
        {
            if (_at >= text.Length)
            {
                return false;
            }

            if (text[_at] is ' ' or '\r' or '\n')
            {
                Space();
            }
            else if (style == ScalarStyle.DoubleQuoted && text[_at] == '\\')
            {
                if (!TryEscape())
                {
                    return false;
                }
            }
            else
            {
                Emit(text[_at], _at);
                _at += style == ScalarStyle.SingleQuoted && text[_at] == '\'' ? 2 : 1;
            }
        }

        return true;
    }

    // A run of blanks without a line break stands for itself; one with n breaks is a space (n = 1) or n - 1 line feeds.
    private void Space()
    {
        var end = _at;
        var breaks = 0;
        for (; end < text.Length && text[end] is ' ' or '\r' or '\n'; end++)
        {
            breaks += text[end] == '\n' ? 1 : 0;
        }

        for (var index = _at; breaks == 0 && index < end; index++)
        {
            Emit(' ', index);
        }

        for (var line = 1; line <= Math.Max(1, breaks - 1) && breaks > 0; line++)
        {
            Emit(breaks == 1 ? ' ' : '\n', _at);
        }

        _at = end;
    }

    private bool TryEscape()
    {
        if (_at + 1 >= text.Length)
        {
            return false;
        }

        var letter = text[_at + 1];
        var digits = letter switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            return TryHexadecimal(digits);
        }

        if (letter is '\r' or '\n')
        {
            _at++;
            while (_at < text.Length && text[_at] is ' ' or '\r' or '\n')
            {
                _at++;
            }

            return true;
        }

        var known = EscapeLetters.IndexOf(letter, StringComparison.Ordinal);
        if (known >= 0)
        {
            Emit(EscapeValues[known], _at);
            _at += 2;
        }

        return known >= 0;
    }

    private bool TryHexadecimal(int digits)
    {
        if (_at + 2 + digits > text.Length
            || !uint.TryParse(text.AsSpan(_at + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            return false;
        }

        if (Rune.IsValid(code) && code > char.MaxValue)
        {
            foreach (var unit in new Rune(code).ToString())
            {
                Emit(unit, _at);
            }
        }
        else
        {
            Emit((char)code, _at);
        }

        _at += 2 + digits;
        return true;
    }

    private bool TryBlock()
    {
        _at = NextLine(_at);
        var indent = BlockIndent();
        var lastWasText = false;
        while (_value.Length < length && _at < text.Length)
        {
            var end = text.IndexOf('\n', _at) is var found and >= 0 ? found : text.Length;
            var first = Math.Min(_at + indent, end);
            var isText = first < end && text[first] is not (' ' or '\r');
            if (style == ScalarStyle.Folded && lastWasText && isText)
            {
                _value[^1] = ' ';
            }

            for (_at = first; _at < end && text[_at] != '\r'; _at++)
            {
                Emit(text[_at], _at);
            }

            if (_value.Length < length)
            {
                Emit('\n', _at);
                _at = NextLine(_at);
            }

            lastWasText = isText;
        }

        return true;
    }

    private int NextLine(int from) => text.IndexOf('\n', from) is var found and >= 0 ? found + 1 : text.Length;

    private int BlockIndent()
    {
        for (var line = _at; line < text.Length; line = NextLine(line))
        {
            var first = line;
            while (first < text.Length && text[first] == ' ')
            {
                first++;
            }

            if (first < text.Length && text[first] is not ('\r' or '\n'))
            {
                return first - line;
            }
        }

        return 0;
    }
}
