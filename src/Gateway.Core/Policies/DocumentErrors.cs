using Gateway.Core.Policies.Yaml;
using YamlDotNet.Core;

namespace Gateway.Core.Policies;

/// <summary>Collects the mistakes of one document. Bounded, so that a hostile document cannot turn its megabyte into a gigabyte of messages.</summary>
internal sealed class DocumentErrors(string file)
{
    /// <summary>How many mistakes of one document are kept; one more says that there are others.</summary>
    public const int Most = 500;

    private readonly List<PolicyError> _errors = [];

    public IReadOnlyList<PolicyError> All => _errors;

    /// <summary>Whether more mistakes would change nothing, so that the work of wording them can be saved.</summary>
    public bool IsFull => _errors.Count > Most;

    public PolicySource SourceOf(YamlPlace place) => new(file, place.Line, place.Column);

    /// <summary>Adds a mistake of the value at <paramref name="place"/>; the message begins with the value's path.</summary>
    public void Add(YamlPlace place, string problem) => Add(place.Line, place.Column, $"{place.Path} {problem}");

    /// <summary>Adds a mistake at a mark of the parser.</summary>
    public void Add(Mark at, string message) => Add((int)Math.Max(1, at.Line), (int)Math.Max(1, at.Column), message);

    /// <summary>Adds a mistake at a line and column, both counted from 1.</summary>
    public void Add(int line, int column, string message)
    {
        if (_errors.Count < Most)
        {
            _errors.Add(new PolicyError(new PolicySource(file, line, column), message));
        }
        else if (_errors.Count == Most)
        {
            _errors.Add(new PolicyError(new PolicySource(file, line, column), $"there are more than {Most} mistakes; correct those first"));
        }
    }
}
