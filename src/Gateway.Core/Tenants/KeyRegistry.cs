using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Gateway.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Tenants;

/// <summary>What came of the last look at the key file.</summary>
/// <param name="At">When.</param>
/// <param name="Error">Null when the keys on disk are those in force; else why they are not.</param>
public sealed record KeyLoadStatus(DateTimeOffset At, string? Error);

/// <summary>
/// The keys in force, as an immutable snapshot that <see cref="Reload"/> swaps whole. A file that is broken, or gone after it was there, never
/// replaces the last good one: the failure is logged once and stays in <see cref="LastLoad"/> until a good file is seen.
/// </summary>
public sealed class KeyRegistry
{
    /// <summary>A file changed again within the resolution of its time stamp looks unchanged, so a young file is read again.</summary>
    private static readonly TimeSpan StampResolution = TimeSpan.FromSeconds(2);

    private static readonly TenantIdentity DemoIdentity = new(GatewayKey.DemoTenant, null, GatewayKey.DemoTenant);
    private readonly KeyFile _file;
    private readonly bool _acceptDemoKey;
    private readonly TimeProvider _time;
    private readonly ILogger<KeyRegistry> _logger;
    private readonly byte[] _nobody = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);
    private readonly Lock _reloading = new();
    private volatile FrozenDictionary<string, Known> _keys = FrozenDictionary<string, Known>.Empty;
    private volatile KeyLoadStatus? _lastLoad;
    private byte[]? _bytes;
    private (DateTime Modified, long Length)? _stamp;

    /// <summary>Nothing is loaded until the first <see cref="Reload"/>.</summary>
    /// <param name="file">The key file.</param>
    /// <param name="acceptDemoKey">True only while the simulated provider is the one that serves.</param>
    /// <param name="time">Clock of expiry.</param>
    /// <param name="logger">Where load results go.</param>
    public KeyRegistry(KeyFile file, bool acceptDemoKey, TimeProvider time, ILogger<KeyRegistry> logger)
    {
        _file = file;
        _acceptDemoKey = acceptDemoKey;
        _time = time;
        _logger = logger;
    }

    /// <summary>What came of the last look at the file; null before the first.</summary>
    public KeyLoadStatus? LastLoad => _lastLoad;

    /// <summary>All keys in force, revoked and expired ones included.</summary>
    public IEnumerable<KeyEntry> Keys => _keys.Values.Select(known => known.Entry);

    /// <summary>
    /// Who holds <paramref name="key"/>. An id that does not exist costs the same work as one that does, and expiry and revocation are told only to
    /// who knows the secret: neither time nor answer tells a guesser which ids exist.
    /// </summary>
    public AuthenticationResult Authenticate(ReadOnlySpan<char> key)
    {
        if (!GatewayKey.TryParse(key, out var id, out var secret))
        {
            return AuthenticateOther(key);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        GatewayKey.Hash(secret, hash);
        var exists = _keys.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out var known);
        var equal = CryptographicOperations.FixedTimeEquals(hash, exists ? known!.Hash : _nobody);
        if (!exists || !equal)
        {
            return AuthenticationResult.Fail(AuthenticationFailure.Unknown);
        }

        return known!.Entry switch
        {
            { RevokedAt: not null } => AuthenticationResult.Fail(AuthenticationFailure.Revoked, known.Entry.Id),
            { ExpiresAt: { } end } when end <= _time.GetUtcNow() => AuthenticationResult.Fail(AuthenticationFailure.Expired, known.Entry.Id),
            _ => AuthenticationResult.Success(known.Identity),
        };
    }

    /// <summary>Looks at the file and swaps in its keys if it changed and is valid. Cheap when nothing changed; safe to call from several threads.</summary>
    public void Reload()
    {
        lock (_reloading)
        {
            try
            {
                var stamp = Stamp();
                if (_lastLoad is { } last && stamp == _stamp && (stamp is null || last.At - stamp.Value.Modified > StampResolution))
                {
                    return;
                }

                _stamp = stamp;
                Load(_file.ReadBytes());
            }
            catch (KeyFileException exception)
            {
                Refuse(exception.Message);
            }
        }
    }

    private void Load(byte[]? bytes)
    {
        if (bytes is null && _bytes is not null)
        {
            throw new KeyFileException($"{_file.Path} is gone.");
        }

        var now = _time.GetUtcNow();
        if (_lastLoad is { Error: null } && (bytes is null || bytes.AsSpan().SequenceEqual(_bytes)))
        {
            _lastLoad = new KeyLoadStatus(now, null);
            return;
        }

        ImmutableArray<KeyEntry> entries = bytes is null ? [] : _file.Parse(bytes);
        _keys = entries.ToFrozenDictionary(entry => entry.Id, Known.From, StringComparer.Ordinal);
        _bytes = bytes;
        _lastLoad = new KeyLoadStatus(now, null);
        KeyLog.Loaded(_logger, entries.Length, _file.Path);
    }

    private void Refuse(string error)
    {
        if (_lastLoad?.Error != error)
        {
            KeyLog.Refused(_logger, error, _keys.Count);
        }

        _lastLoad = new KeyLoadStatus(_time.GetUtcNow(), error);
    }

    private (DateTime Modified, long Length)? Stamp()
    {
        var info = new FileInfo(_file.Path);
        return info.Exists ? (info.LastWriteTimeUtc, info.Length) : null;
    }

    private AuthenticationResult AuthenticateOther(ReadOnlySpan<char> key)
    {
        if (!key.SequenceEqual(GatewayKey.Demo))
        {
            return AuthenticationResult.Fail(AuthenticationFailure.Malformed);
        }

        return _acceptDemoKey ? AuthenticationResult.Success(DemoIdentity) : AuthenticationResult.Fail(AuthenticationFailure.Unknown);
    }

    private sealed record Known(KeyEntry Entry, byte[] Hash, TenantIdentity Identity)
    {
        public static Known From(KeyEntry entry) =>
            new(entry, Convert.FromHexString(entry.Hash), new TenantIdentity(entry.Tenant, entry.Application, entry.Id));
    }
}
