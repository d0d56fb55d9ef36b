namespace Gateway.Core.Detection.Patterns;

/// <summary>Why a pattern was refused.</summary>
/// <param name="Position">0-based index into the pattern, in UTF-16 units, of the construct that is refused.</param>
/// <param name="Message">What is wrong and how to fix it; fit to be shown to the author of a policy.</param>
public sealed record PatternError(int Position, string Message);
