using Gateway.Core.Policies.Yaml;
using YamlDotNet.Core;

namespace Gateway.Core.Policies;

/// <summary>
/// Collects the mistakes of one document and of the policy that it makes, whose values may stand in other documents. Bounded, so that a hostile document
/// cannot turn its megabyte into a gigabyte of messages.
/// </summary>
internal sealed class DocumentErrors(string file)
{
    /// <summary>How many mistakes of one document are kept; one more says that there are others.</summary>
    public const int Most = 500;

    private readonly List<PolicyError> _errors = [];

    /// <summary>The document.</summary>
    public string File => file;

    public IReadOnlyList<PolicyError> All => _errors;

    /// <summary>Whether a part of the policy could not be read (a parent that is missing), so that what it lacks is no mistake of its own.</summary>
    public bool IsPartial { get; set; }

    /// <summary>Whether more mistakes would change nothing, so that the work of wording them can be saved.</summary>
    public bool IsFull => _errors.Count > Most;

    /// <summary>A collector that begins with the mistakes of this one.</summary>
    public DocumentErrors Copy()
    {
        var copy = new DocumentErrors(file) { IsPartial = IsPartial };
        copy._errors.AddRange(_errors);
        return copy;
    }

    /// <summary>Whether a mistake of the value at exactly <paramref name="place"/> is known.</summary>
    public bool Has(YamlPlace place) => _errors.Exists(error => error.Source == place.Source);

    /// <summary>Adds a mistake of the value at <paramref name="place"/>; the message begins with the value's path.</summary>
    public void Add(YamlPlace place, string problem) => AddAt(place, $"{place.Path} {problem}");

    /// <summary>Adds a mistake at <paramref name="place"/> whose message says what it is about by itself.</summary>
    public void AddAt(YamlPlace place, string message) => Add(place.Source, message);

    /// <summary>Adds a mistake at a mark of the parser.</summary>
    public void Add(Mark at, string message) => Add((int)Math.Max(1, at.Line), (int)Math.Max(1, at.Column), message);

    /// <summary>Adds a mistake at a line and column, both counted from 1.</summary>
    public void Add(int line, int column, string message) => Add(new PolicySource(file, line, column), message);

    private void Add(PolicySource source, string message)
    {
        if (_errors.Count < Most)
        {
            _errors.Add(new PolicyError(source, message));
        }
        else if (_errors.Count == Most)
        {
            _errors.Add(new PolicyError(source, $"there are more than {Most} mistakes; correct those first"));
        }
    }
}
