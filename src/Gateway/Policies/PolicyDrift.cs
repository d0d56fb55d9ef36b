using System.Collections.Immutable;

namespace Gateway.Policies;

/// <summary>Which documents of the policies folder are not those of the active version. Names in ordinal order.</summary>
/// <param name="Added">Only in the folder.</param>
/// <param name="Removed">Only in the active version.</param>
/// <param name="Changed">In both, with other bytes.</param>
public sealed record PolicyDrift(ImmutableArray<string> Added, ImmutableArray<string> Removed, ImmutableArray<string> Changed);
