using Gateway.Core.Limits;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Core.Tests.Limits;

public sealed class AdmissionLimitsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly AdmissionLimits _limits;

    public AdmissionLimitsTests() => _limits = new AdmissionLimits(_time);

    [Fact]
    public void TryEnter_above_concurrency_is_refused_until_a_lease_ends()
    {
        var rules = new LimitRules { Concurrency = 1 };
        var first = _limits.TryEnter("acme", rules, out _);
        Assert.NotNull(first);
        Assert.Null(_limits.TryEnter("acme", rules, out var denial));
        Assert.Equal(LimitKind.Concurrency, denial.Limit);
        first.Dispose();
        Assert.NotNull(_limits.TryEnter("acme", rules, out _));
    }

    [Fact]
    public void TryEnter_of_one_tenant_does_not_use_up_anothers()
    {
        var rules = new LimitRules { Requests = new RequestRate(1, 1), Concurrency = 1 };
        Assert.NotNull(_limits.TryEnter("acme", rules, out _));
        Assert.NotNull(_limits.TryEnter("other", rules, out _));
    }

    [Fact]
    public void TryEnter_refused_for_rate_leaves_the_concurrency_free()
    {
        var rules = new LimitRules { Requests = new RequestRate(1, 1), Concurrency = 1 };
        _limits.TryEnter("acme", rules, out _)!.Dispose();
        Assert.Null(_limits.TryEnter("acme", rules, out var denial));
        Assert.Equal(LimitKind.Requests, denial.Limit);
        Assert.NotNull(_limits.TryEnter("acme", new LimitRules { Concurrency = 1 }, out _));
    }

    [Fact]
    public void TryEnter_announces_at_most_twenty_seconds()
    {
        var rules = new LimitRules { Requests = new RequestRate(1, 1) };
        _limits.TryEnter("acme", rules, out _);
        _limits.TryEnter("acme", rules, out var denial);
        Assert.Equal(AdmissionLimits.LongestRetryAfter, denial.RetryAfter);
    }

    [Fact]
    public void TryEnter_after_time_has_passed_is_admitted()
    {
        var rules = new LimitRules { Requests = new RequestRate(60, 1) };
        _limits.TryEnter("acme", rules, out _);
        Assert.Null(_limits.TryEnter("acme", rules, out _));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(_limits.TryEnter("acme", rules, out _));
    }

    [Fact]
    public void Lease_disposed_twice_frees_one_place()
    {
        var rules = new LimitRules { Concurrency = 2 };
        var lease = _limits.TryEnter("acme", rules, out _)!;
        lease.Dispose();
        lease.Dispose();
        Assert.NotNull(_limits.TryEnter("acme", rules, out _));
        Assert.NotNull(_limits.TryEnter("acme", rules, out _));
        Assert.Null(_limits.TryEnter("acme", rules, out _));
    }

    [Fact]
    public void TryEnterUser_limits_each_user_of_each_tenant_by_itself()
    {
        var rules = new LimitRules { UserRequests = new RequestRate(1, 1) };
        Assert.True(_limits.TryEnterUser("acme", "mara", rules, out _));
        Assert.False(_limits.TryEnterUser("acme", "mara", rules, out var denial));
        Assert.Equal(LimitKind.UserRequests, denial.Limit);
        Assert.True(_limits.TryEnterUser("acme", "jon", rules, out _));
        Assert.True(_limits.TryEnterUser("other", "mara", rules, out _));
    }

    [Fact]
    public void TryEnterUser_without_user_is_admitted()
    {
        var rules = new LimitRules { UserRequests = new RequestRate(1, 1) };
        Assert.True(_limits.TryEnterUser("acme", null, rules, out _));
        Assert.True(_limits.TryEnterUser("acme", null, rules, out _));
    }
}
