namespace Gateway.Core.Policies;

/// <summary>What came of compiling a set of documents: a snapshot, or every mistake in every document.</summary>
/// <param name="Snapshot">The compiled policies; null when there is any error.</param>
/// <param name="Errors">In the order of file, line and column.</param>
public sealed record PolicyCompilation(PolicySnapshot? Snapshot, IReadOnlyList<PolicyError> Errors);
