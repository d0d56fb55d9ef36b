namespace Gateway.Core.Policies.Effective;

/// <summary>What an emergency override makes of one setting.</summary>
/// <param name="Path">The setting; it may be one that no document has.</param>
/// <param name="Value">Its value now.</param>
/// <param name="OverrideId">The override.</param>
public sealed record SettingAmendment(string Path, string Value, string OverrideId);
