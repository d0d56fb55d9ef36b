using System.Collections.Immutable;
using System.Security.Cryptography;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;

namespace Gateway.Policies;

/// <summary>Compares the policies folder with the active version, and tells of a difference once each time it changes.</summary>
internal sealed class FolderDrift(GatewayMetrics metrics, PolicyLog log)
{
    private readonly Lock _lock = new();
    private Dictionary<string, string>? _folder;
    private IReadOnlyList<PolicyFile>? _active;
    private string _told = "";
    private volatile PolicyDrift? _current;

    /// <summary>The difference; null: none, or there is no folder to compare with.</summary>
    public PolicyDrift? Current => _current;

    /// <summary>What the folder holds; null: it is not there or cannot be read.</summary>
    public void Folder(IReadOnlyList<PolicyFile>? documents)
    {
        lock (_lock)
        {
            _folder = documents is null ? null : Hashes(documents);
            Compare();
        }
    }

    /// <summary>What the active version holds; null: there is none.</summary>
    public void Active(IReadOnlyList<PolicyFile>? documents)
    {
        lock (_lock)
        {
            _active = documents;
            Compare();
        }
    }

    private static Dictionary<string, string> Hashes(IReadOnlyList<PolicyFile> documents)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var document in documents)
        {
            hashes[document.Name] = Convert.ToHexStringLower(SHA256.HashData(document.Content.Span));
        }

        return hashes;
    }

    private void Compare()
    {
        var drift = _folder is null || _active is null ? null : Between(_folder, Hashes(_active));
        _current = drift;
        metrics.PolicyDrift(drift is not null);
        var text = drift is null ? "" : string.Join('\n', [.. drift.Added, "", .. drift.Removed, "", .. drift.Changed]);
        if (text != _told)
        {
            _told = text;
            log.Drift(drift?.Added ?? [], drift?.Removed ?? [], drift?.Changed ?? []);
        }
    }

    private static PolicyDrift? Between(Dictionary<string, string> folder, Dictionary<string, string> active)
    {
        var drift = new PolicyDrift(
            Sorted(folder.Keys.Where(name => !active.ContainsKey(name))),
            Sorted(active.Keys.Where(name => !folder.ContainsKey(name))),
            Sorted(folder.Where(pair => active.TryGetValue(pair.Key, out var hash) && hash != pair.Value).Select(pair => pair.Key)));
        return drift.Added.Length + drift.Removed.Length + drift.Changed.Length == 0 ? null : drift;
    }

    private static ImmutableArray<string> Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];
}
