using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Gateway.Core.Policies.Yaml;

/// <summary>
/// Builds the tree of one document from parser events. Everything that lets a value stand somewhere else than where it is read is refused:
/// anchors, aliases, merge keys, tags, directives, duplicate keys, a second document.
/// </summary>
internal sealed class YamlTree
{
    /// <summary>Levels of lists and mappings; the vocabulary needs 6.</summary>
    public const int MaxDepth = 16;

    /// <summary>Values in one document.</summary>
    public const int MaxNodes = 50_000;

    private const int LongestParserMessage = 300;

    private readonly Parser _parser;
    private readonly string _text;
    private readonly DocumentErrors _errors;
    private int _nodes;

    private YamlTree(string text, DocumentErrors errors)
    {
        _parser = new Parser(new StringReader(text));
        _text = text;
        _errors = errors;
    }

    /// <summary>The root value, or null when the text is not one document; the reasons are in <paramref name="errors"/>.</summary>
    public static YamlNode? Read(string text, DocumentErrors errors)
    {
        var refusedLines = errors.All.Select(error => error.Source.Line).ToArray();
        var tree = new YamlTree(text, errors);
        try
        {
            return tree.ReadStream();
        }
        catch (TooComplexException exception)
        {
            errors.Add(exception.At, exception.Message);
        }
        catch (YamlException exception)
        {
            // A refused character in the same place (a tab as indentation) is the cause, and has been reported in better words.
            var isTab = exception.Message.Contains(" tab ", StringComparison.Ordinal);
            if (!refusedLines.Any(line => line >= exception.Start.Line && (isTab || line <= exception.End.Line)))
            {
                errors.Add(exception.Start, NotYaml(exception, text));
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The parser is not ours: whatever it throws on a hostile document is a refusal of that document, never an unhandled fault.
            errors.Add(tree._parser.Current?.Start ?? Mark.Empty, "the document is not valid YAML from here on; look for a bracket, brace or quote that is not closed");
        }

        return null;
    }

    private static string NotYaml(YamlException exception, string text)
    {
        var at = (int)exception.Start.Index;
        var hint = at < text.Length && text[at] is '*' or '&' or '!' or '%' or '@' or '`' ? $"; write a value that begins with {text[at]} in quotes" : "";
        return $"the document is not valid YAML: {Shown.Bare(exception.Message.TrimEnd('.'), LongestParserMessage)}{hint}";
    }

    private YamlNode? ReadStream()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out var start))
        {
            ReportEmpty();
            return null;
        }

        if (start.Version is not null || HasTagDirective(start))
        {
            _errors.Add(start.Start, "directives are not allowed; remove the line that begins with %");
        }

        var root = ReadNode(YamlPlace.Root(_errors.File, _parser.Current!.Start), depth: 0);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
        {
            _errors.Add(second.Start, "a second document begins here; write one policy a file");
        }

        if (root is YamlScalar { IsPlain: true, Value: "" })
        {
            ReportEmpty();
            return null;
        }

        return root;
    }

    // The parser adds the two default tag prefixes to every document.
    private static bool HasTagDirective(DocumentStart start) =>
        start.Tags is not null && start.Tags.Any(tag => (tag.Handle, tag.Prefix) is not (("!", "!") or ("!!", "tag:yaml.org,2002:")));

    private void ReportEmpty() => _errors.Add(1, 1, "the document is empty; write a policy, or remove the file");

    private YamlNode ReadNode(YamlPlace place, int depth)
    {
        var at = _parser.Current!;
        if (++_nodes > MaxNodes)
        {
            throw new TooComplexException(at.Start, $"the document has more than {MaxNodes} values; split it into several policies");
        }

        if (depth > MaxDepth)
        {
            throw new TooComplexException(at.Start, $"the document is nested deeper than {MaxDepth} levels");
        }

        RefuseProperties(at, place);
        switch (at)
        {
            case Scalar scalar:
                _parser.MoveNext();
                return new YamlScalar(place, scalar.Value, scalar.Style, _text, (int)scalar.Start.Index);
            case SequenceStart:
                return ReadSequence(place, depth);
            case MappingStart:
                return ReadMapping(place, depth);
            default:
                _parser.MoveNext();
                return new YamlRefused(place);
        }
    }

    private void RefuseProperties(ParsingEvent at, YamlPlace place)
    {
        if (at is AnchorAlias alias)
        {
            _errors.Add(place, $"is an alias, which is not allowed; if the value begins with an asterisk write it in quotes: \"*{Shown.Bare(alias.Value.Value)}\"");
        }

        if (at is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            _errors.Add(place, $"has the anchor &{Shown.Bare(anchored.Anchor.Value)}, which is not allowed; write values out, or put a value that begins with & in quotes");
        }

        if (at is NodeEvent { Tag.IsEmpty: false } tagged)
        {
            _errors.Add(place, $"has the tag {Shown.Text(tagged.Tag.Value)}, which is not allowed; remove it, or put a value that begins with ! in quotes");
        }
    }

    private YamlSequence ReadSequence(YamlPlace place, int depth)
    {
        _parser.MoveNext();
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(place.Child(_parser.Current!.Start, items.Count), depth + 1));
        }

        return new YamlSequence(place, items.ToImmutable());
    }

    private YamlMapping ReadMapping(YamlPlace place, int depth)
    {
        _parser.MoveNext();
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        var known = new Dictionary<string, YamlPlace>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var keyAt = _parser.Current!.Start;
            var name = _parser.Current is Scalar { Value: var text } ? text : "";
            var key = ReadNode(place.Child(keyAt, name), depth + 1) as YamlScalar;
            var value = ReadNode(place.Child(_parser.Current!.Start, name), depth + 1);
            if (IsUsable(key, keyAt, known))
            {
                entries.Add(new YamlEntry(key!, value));
            }
        }

        return new YamlMapping(place, entries.ToImmutable());
    }

    private bool IsUsable(YamlScalar? key, Mark at, Dictionary<string, YamlPlace> known)
    {
        if (key is null)
        {
            _errors.Add(at, "a key must be a single word, not a list, a mapping or an alias");
            return false;
        }

        if (key is { IsPlain: true, Value: "<<" })
        {
            _errors.Add(at, "merge keys (<<) are not allowed; write the values out");
            return false;
        }

        if (!known.TryAdd(key.Value, key.Place))
        {
            _errors.Add(at, $"the key {Shown.Text(key.Value)} appears twice (first on line {known[key.Value].Line}); remove one");
            return false;
        }

        return true;
    }

    private sealed class TooComplexException(Mark at, string message) : Exception(message)
    {
        public Mark At => at;
    }
}
