using System.Collections.Concurrent;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;

namespace Gateway.Core.Limits;

/// <summary>A refusal by a limit.</summary>
/// <param name="Limit">Which.</param>
/// <param name="RetryAfter">When to try again; already capped, since SDKs sleep for whatever they are told.</param>
public readonly record struct LimitDenial(LimitKind Limit, TimeSpan RetryAfter);

/// <summary>
/// Admission of requests within this process: rate, concurrency and per-user rate of each tenant. State is keyed by tenant, so none crosses;
/// the per-user table is bounded, and a full table makes room by forgetting users that are idle.
/// </summary>
public sealed class AdmissionLimits(TimeProvider time)
{
    /// <summary>The longest wait announced to a client. Official SDKs obey a long one without limit, and their callers hang.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(20);

    private const int MostUsers = 100_000;
    private static readonly TimeSpan ConcurrencyRetryAfter = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, TenantState> _tenants = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Tenant, string User), RequestRateLimiter> _users = new();

    /// <summary>Admits one exchange of <paramref name="tenant"/>. The lease must be disposed when the exchange ends.</summary>
    public AdmissionLease? TryEnter(string tenant, LimitRules rules, out LimitDenial denial)
    {
        denial = default;
        var state = _tenants.GetOrAdd(tenant, static _ => new TenantState());

        // Concurrency first: a request refused for it must not use up the rate.
        var active = Interlocked.Increment(ref state.Active);
        if (rules.Concurrency is { } most && active > most)
        {
            Interlocked.Decrement(ref state.Active);
            denial = new LimitDenial(LimitKind.Concurrency, ConcurrencyRetryAfter);
            return null;
        }

        if (rules.Requests is { } rate && !state.Requests.TryAcquire(rate, Now(), out var retryAfter))
        {
            Interlocked.Decrement(ref state.Active);
            denial = new LimitDenial(LimitKind.Requests, Cap(retryAfter));
            return null;
        }

        return new AdmissionLease(state);
    }

    /// <summary>Takes one request of an end user. True when the policy has no such limit or the client names no user.</summary>
    public bool TryEnterUser(string tenant, string? user, LimitRules rules, out LimitDenial denial)
    {
        denial = default;
        if (rules.UserRequests is not { } rate || user is null)
        {
            return true;
        }

        if (_users.Count >= MostUsers)
        {
            ForgetIdleUsers();
        }

        var limiter = _users.GetOrAdd((tenant, user), static _ => new RequestRateLimiter());
        if (limiter.TryAcquire(rate, Now(), out var retryAfter))
        {
            return true;
        }

        denial = new LimitDenial(LimitKind.UserRequests, Cap(retryAfter));
        return false;
    }

    private static TimeSpan Cap(TimeSpan wait) => wait < LongestRetryAfter ? wait : LongestRetryAfter;

    private void ForgetIdleUsers()
    {
        var now = Now();
        foreach (var (key, limiter) in _users)
        {
            if (limiter.IdleAt <= now)
            {
                _users.TryRemove(new KeyValuePair<(string, string), RequestRateLimiter>(key, limiter));
            }
        }

        if (_users.Count >= MostUsers)
        {
            // Every user is busy: someone invents users. Forgetting all of them frees memory; the tenant's own rate still holds.
            _users.Clear();
        }
    }

    private long Now() => time.GetElapsedTime(0).Ticks;

    internal sealed class TenantState
    {
        public readonly RequestRateLimiter Requests = new();
        public int Active;
    }
}

/// <summary>Holds an exchange's place among its tenant's concurrent exchanges.</summary>
public sealed class AdmissionLease : IDisposable
{
    private AdmissionLimits.TenantState? _state;

    internal AdmissionLease(AdmissionLimits.TenantState state) => _state = state;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _state, null) is { } state)
        {
            Interlocked.Decrement(ref state.Active);
        }
    }
}
