using Gateway.Core.Policies.Documents;
using Gateway.Core.Policies.Merging;

namespace Gateway.Core.Policies;

/// <summary>A policy on its way from tree to snapshot: put together, read, compiled. Good only if there are no errors.</summary>
/// <param name="Merged">The effective tree.</param>
/// <param name="Draft">The tree as the vocabulary reads it.</param>
/// <param name="Policy">What came of it.</param>
/// <param name="Errors">All mistakes so far.</param>
internal sealed record CompiledPolicy(MergedPolicy Merged, PolicyDraft Draft, TenantPolicy Policy, DocumentErrors Errors);
