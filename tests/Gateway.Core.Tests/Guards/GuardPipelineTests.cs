using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Core.Tests.Guards;

public sealed class GuardPipelineTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<GuardFault> _faults = [];

    [Fact]
    public async Task RunAsync_without_findings_records_every_guard_as_allowed()
    {
        var context = await RunAsync(TestPolicies.With(), new Finder(GuardId.Model), new Finder(GuardId.Size));
        Assert.Null(context.Block);
        Assert.Equal([Verdict.Allowed, Verdict.Allowed], context.Runs.Select(run => run.Verdict));
    }

    [Fact]
    public async Task RunAsync_after_a_block_records_the_rest_as_not_run()
    {
        var last = new Finder(GuardId.Content);
        var context = await RunAsync(TestPolicies.With(), new Finder(GuardId.Model, PolicyAction.Block), last);
        Assert.Equal(GuardId.Model, context.Block!.Guard);
        Assert.False(last.WasCalled);
        Assert.Equal("earlier_block", context.Runs[1].Skipped);
        Assert.Null(context.Runs[1].Verdict);
    }

    [Fact]
    public async Task RunAsync_in_monitor_mode_records_what_would_have_happened_and_goes_on()
    {
        var last = new Finder(GuardId.Content);
        var context = await RunAsync(TestPolicies.With() with { Mode = GuardMode.Monitor }, new Finder(GuardId.Model, PolicyAction.Block), last);
        Assert.Null(context.Block);
        Assert.True(last.WasCalled);
        Assert.Equal(Verdict.WouldBlock, context.Runs[0].Verdict);
        Assert.Equal(GuardMode.Monitor, Assert.Single(context.Findings).Mode);
    }

    [Fact]
    public async Task RunAsync_guard_in_monitor_mode_records_and_the_others_still_block()
    {
        var policy = TestPolicies.With() with { GuardModes = new GuardModes(Size: GuardMode.Monitor) };
        var context = await RunAsync(policy, new Finder(GuardId.Size, PolicyAction.Block), new Finder(GuardId.Model, PolicyAction.Block));
        Assert.Equal([Verdict.WouldBlock, Verdict.Blocked], context.Runs.Select(run => run.Verdict));
        Assert.Equal(GuardId.Model, context.Block!.Guard);
    }

    [Fact]
    public async Task RunAsync_guard_that_is_off_does_not_run_and_the_others_do()
    {
        var guard = new Finder(GuardId.Capability, PolicyAction.Block);
        var context = await RunAsync(TestPolicies.With() with { GuardModes = new GuardModes(Unseen: GuardMode.Off) }, guard, new Finder(GuardId.Model));
        Assert.False(guard.WasCalled);
        Assert.Equal(["off", null], context.Runs.Select(run => run.Skipped));
    }

    [Fact]
    public async Task RunAsync_in_off_mode_runs_nothing()
    {
        var guard = new Finder(GuardId.Model, PolicyAction.Block);
        var context = await RunAsync(TestPolicies.With() with { Mode = GuardMode.Off }, guard);
        Assert.False(guard.WasCalled);
        Assert.Equal("off", context.Runs[0].Skipped);
    }

    [Fact]
    public async Task RunAsync_guard_that_throws_fails_closed_and_is_reported()
    {
        var last = new Finder(GuardId.Content);
        var context = await RunAsync(TestPolicies.With(), new Thrower(), last);
        Assert.Equal(GuardId.Other, context.FailedClosed);
        Assert.Equal(Verdict.Error, context.Runs[0].Verdict);
        Assert.Equal("exception", context.Runs[0].Skipped);
        Assert.False(last.WasCalled);
        Assert.Equal(Verdict.Error, Assert.Single(_faults).Verdict);
    }

    [Fact]
    public async Task RunAsync_guard_that_throws_may_be_passed_by_the_policy_and_is_counted_as_bypassed()
    {
        var last = new Finder(GuardId.Content);
        var context = await RunAsync(TestPolicies.With() with { OnError = GuardFailure.Allow }, new Thrower(), last);
        Assert.Null(context.FailedClosed);
        Assert.Equal(Verdict.Bypassed, context.Runs[0].Verdict);
        Assert.True(last.WasCalled);
    }

    [Fact]
    public async Task RunAsync_guard_that_never_answers_is_ended_by_its_time_limit()
    {
        var guard = new Sleeper();
        var running = RunAsync(TestPolicies.With() with { GuardTimeout = TimeSpan.FromSeconds(1) }, guard);
        await guard.Called;
        _time.Advance(TimeSpan.FromSeconds(1));
        var context = await running;
        Assert.Equal(GuardId.Other, context.FailedClosed);
        Assert.Equal("timeout", context.Runs[0].Skipped);
        Assert.True(guard.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task RunAsync_cancelled_by_the_client_is_no_guard_failure()
    {
        using var client = new CancellationTokenSource();
        var guard = new Sleeper();
        var pipeline = new GuardPipeline([guard], _time, _faults.Add);
        using var request = new ExchangeRequest { Body = default };
        var running = pipeline.RunAsync(new GuardContext("dec_1", request, TestPolicies.With(), "gpt-4o"), client.Token).AsTask();
        await guard.Called;
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Empty(_faults);
    }

    private async Task<GuardContext> RunAsync(TenantPolicy policy, params IRequestGuard[] guards)
    {
        using var request = new ExchangeRequest { Body = default };
        var context = new GuardContext("dec_1", request, policy, "gpt-4o");
        await new GuardPipeline(guards, _time, _faults.Add).RunAsync(context, CancellationToken.None);
        return context;
    }

    private sealed class Finder(GuardId id, PolicyAction? action = null) : IRequestGuard
    {
        public bool WasCalled { get; private set; }

        public GuardId Id => id;

        public ValueTask EvaluateAsync(GuardContext context, CancellationToken cancellationToken)
        {
            WasCalled = true;
            if (action is { } found)
            {
                context.Report(new Finding(id, "rule", Threat.Content, Surface.User, found, Severity.Low, GuardMode.Enforce));
            }

            return ValueTask.CompletedTask;
        }
    }

    private sealed class Thrower : IRequestGuard
    {
        public GuardId Id => GuardId.Other;

        public ValueTask EvaluateAsync(GuardContext context, CancellationToken cancellationToken) => throw new InvalidOperationException("broken");
    }

    private sealed class Sleeper : IWaitingGuard
    {
        private readonly TaskCompletionSource _called = new();

        public Task Called => _called.Task;

        public CancellationToken Token { get; private set; }

        public GuardId Id => GuardId.Other;

        public async ValueTask EvaluateAsync(GuardContext context, CancellationToken cancellationToken)
        {
            Token = cancellationToken;
            _called.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}
