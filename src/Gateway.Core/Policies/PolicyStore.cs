namespace Gateway.Core.Policies;

/// <summary>One mistake in a policy document.</summary>
/// <param name="Source">Where.</param>
/// <param name="Message">What is wrong and how to fix it.</param>
public sealed record PolicyError(PolicySource Source, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Source}: {Message}";
}

/// <summary>What came of the last attempt to load the policies.</summary>
/// <param name="At">When.</param>
/// <param name="Errors">Empty when it succeeded.</param>
public sealed record PolicyLoadStatus(DateTimeOffset At, IReadOnlyList<PolicyError> Errors)
{
    /// <summary>Whether the documents on disk are the ones in force.</summary>
    public bool Succeeded => Errors.Count == 0;
}

/// <summary>Holds the snapshot in force. A broken load never replaces it.</summary>
public sealed class PolicyStore
{
    private volatile PolicySnapshot? _current;
    private volatile PolicyLoadStatus? _lastLoad;

    /// <summary>The snapshot in force; null until the first good load.</summary>
    public PolicySnapshot? Current => _current;

    /// <summary>What came of the last load; null before the first.</summary>
    public PolicyLoadStatus? LastLoad => _lastLoad;

    /// <summary>Swaps in <paramref name="snapshot"/>.</summary>
    public void Accept(PolicySnapshot snapshot)
    {
        _current = snapshot;
        _lastLoad = new PolicyLoadStatus(snapshot.LoadedAt, []);
    }

    /// <summary>Keeps the snapshot in force and remembers why the documents were refused.</summary>
    public void Reject(DateTimeOffset at, IReadOnlyList<PolicyError> errors) => _lastLoad = new PolicyLoadStatus(at, errors);
}
