using System.Collections.Immutable;
using Gateway.Core.Policies.Attachments;

namespace Gateway.Core.Policies.Effective;

/// <summary>One of the two snapshots that are compared.</summary>
internal sealed class PolicySide(PolicySnapshot snapshot)
{
    private readonly Dictionary<string, TenantPolicy> _policies = snapshot.Policies.ToDictionary(policy => policy.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, PolicyFile> _files = snapshot.Documents.ToDictionary(file => file.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<PolicySetting>> _settings = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _policies.Keys;

    public IEnumerable<PolicyAttachment> Attachments => snapshot.Policies.SelectMany(AttachmentTable.Of);

    public bool Has(string policy) => _policies.ContainsKey(policy);

    /// <summary>The name of the policy that governs <paramref name="subject"/>, or null.</summary>
    public string? PolicyOf(in PolicySubject subject) => snapshot.Attached(subject)?.Name;

    /// <summary>The settings of <paramref name="policy"/>; none when there is no such policy.</summary>
    public ImmutableArray<PolicySetting> Settings(string policy)
    {
        if (!_settings.TryGetValue(policy, out var settings))
        {
            settings = _policies.TryGetValue(policy, out var compiled) ? EffectiveSettings.Of(snapshot, compiled) : [];
            _settings.Add(policy, settings);
        }

        return settings;
    }

    /// <summary>
    /// Whether both sides make the policy of the same bytes, so that it need not be read. The bytes are compared: of a digest that was cut short for display
    /// another set of documents with the same one can be made.
    /// </summary>
    public bool IsWrittenAlike(string policy, PolicySide other)
    {
        var (mine, others) = (_policies[policy].Documents, other._policies[policy].Documents);
        return mine.AsSpan().SequenceEqual(others.AsSpan()) && mine.All(name => Bytes(name).SequenceEqual(other.Bytes(name)));
    }

    private ReadOnlySpan<byte> Bytes(string file) =>
        (_files.GetValueOrDefault(file) ?? throw new InvalidOperationException($"the snapshot has no document {file}")).Content.Span;
}
