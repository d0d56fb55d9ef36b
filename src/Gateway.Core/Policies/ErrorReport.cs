using Gateway.Core.Policies.Merging;

namespace Gateway.Core.Policies;

/// <summary>
/// The mistakes of all documents as one list. A mistake in a parent is met again by everyone who inherits it and is said once; one that only shows in a
/// child, but stands in the parent, is said with the child's name.
/// </summary>
internal static class ErrorReport
{
    private const int MostNames = 3;

    public static IReadOnlyList<PolicyError> Of(IReadOnlyList<ParsedDocument> documents, IEnumerable<PolicyError> others, IReadOnlyList<CompiledPolicy> policies)
    {
        var own = others
            .Concat(documents.SelectMany(document => document.Errors.All))
            .Concat(policies.SelectMany(policy => policy.Errors.All.Where(error => error.Source.File == policy.Errors.File)))
            .ToHashSet();
        var inherited = policies
            .SelectMany(policy => policy.Errors.All.Where(error => error.Source.File != policy.Errors.File && !own.Contains(error)).Distinct().Select(error => (error, policy.Merged.Name)))
            .GroupBy(pair => pair.error, pair => pair.Name)
            .Select(group => group.Key with { Message = $"{group.Key.Message} ({Heirs([.. group.Order(StringComparer.Ordinal)])})" });
        return
        [
            .. own.Concat(inherited)
                .OrderBy(error => error.Source.File, StringComparer.Ordinal)
                .ThenBy(error => error.Source.Line)
                .ThenBy(error => error.Source.Column)
                .ThenBy(error => error.Message, StringComparer.Ordinal),
        ];
    }

    private static string Heirs(List<string> names)
    {
        var shown = string.Join(", ", names.Take(MostNames).Select(name => Shown.Text(name)));
        return $"as inherited by {(names.Count == 1 ? "policy" : "policies")} {shown}{(names.Count > MostNames ? $" and {names.Count - MostNames} more" : "")}";
    }
}
