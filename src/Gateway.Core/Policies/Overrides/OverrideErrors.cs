using System.Collections.Immutable;

namespace Gateway.Core.Policies.Overrides;

/// <summary>Collects the mistakes of one override. Bounded: a list of a million wrong names is one that has hundreds of mistakes.</summary>
internal sealed class OverrideErrors
{
    private const int Most = 100;
    private readonly ImmutableArray<string>.Builder _errors = ImmutableArray.CreateBuilder<string>();

    public ImmutableArray<string> All => _errors.ToImmutable();

    /// <summary>Adds what is wrong with <paramref name="member"/> if <paramref name="isWrong"/>.</summary>
    public void AddIf(bool isWrong, string member, string problem)
    {
        if (isWrong && _errors.Count < Most)
        {
            _errors.Add($"{member}: {problem}");
        }
    }

    public void Add(string member, string problem) => AddIf(isWrong: true, member, problem);
}
