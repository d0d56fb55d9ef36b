using System.Diagnostics;
using Gateway.Core.Decisions;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Telemetry;
using Xunit;

namespace Gateway.Core.Tests.Telemetry;

public sealed class GatewayTracingTests : IDisposable
{
    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = source => source.Name == GatewayTracing.SourceName,
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
    };

    private readonly GatewayTracing _tracing = new(new BuildIdentity("1", "c"));

    public GatewayTracingTests() => ActivitySource.AddActivityListener(_listener);

    public void Dispose()
    {
        _listener.Dispose();
        _tracing.Dispose();
    }

    [Fact]
    public void StartInference_is_a_client_span_in_genai_terms()
    {
        using var span = Start();

        Assert.Equal(("chat gpt-4o-mini", ActivityKind.Client), (span.DisplayName, span.Kind));
        Assert.Equal(
            [
                "gen_ai.operation.name=chat", "gen_ai.provider.name=openai", "gen_ai.request.model=gpt-4o-mini", "gen_ai.request.stream=True",
                "server.address=api.example.com", "server.port=443",
            ],
            Tags(span));
    }

    [Fact]
    public void StartInference_never_records_the_query()
    {
        using var span = Start();

        Assert.DoesNotContain(Tags(span), tag => tag.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void CompleteInference_success_is_no_error()
    {
        using var span = Start();
        GatewayTracing.CompleteInference(span, SampleRecords.Allowed with { ResponseId = "chatcmpl-1", FinishReasons = ["stop"] });

        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        Assert.Equal(100L, span.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Equal(new[] { "stop" }, span.GetTagItem("gen_ai.response.finish_reasons"));
    }

    [Theory]
    [InlineData(500, null, "500")]
    [InlineData(null, "timeout", "timeout")]
    [InlineData(null, "connection", "_OTHER")]
    public void CompleteInference_failure_has_an_error_type(int? status, string? reason, string expected)
    {
        using var span = Start();
        GatewayTracing.CompleteInference(
            span, SampleRecords.Allowed with { Outcome = Outcome.UpstreamFailed, UpstreamStatus = status, Reason = reason });

        Assert.Equal((ActivityStatusCode.Error, expected), (span.Status, span.GetTagItem("error.type")));
    }

    [Fact]
    public void CompleteServer_block_is_an_outcome_and_no_error()
    {
        using var span = Start();
        GatewayTracing.CompleteServer(span, FormatId.OpenAIChat, SampleRecords.Blocked);

        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        Assert.Equal(
            ("blocked", "content", "content", "no-legal-advice"),
            (span.GetTagItem("gateway.outcome"), span.GetTagItem("gateway.violation.threat"), span.GetTagItem("gateway.violation.guard"), span.GetTagItem("gateway.violation.rule")));
        Assert.Equal(["guard"], span.Events.Select(item => item.Name));
    }

    [Fact]
    public void CompleteServer_own_failure_is_an_error()
    {
        using var span = Start();
        GatewayTracing.CompleteServer(span, FormatId.OpenAIChat, SampleRecords.Allowed with { Outcome = Outcome.Failed });

        Assert.Equal((ActivityStatusCode.Error, "failed"), (span.Status, span.GetTagItem("error.type")));
    }

    [Fact]
    public void CompleteServer_tells_taint_and_fail_open()
    {
        using var span = Start();
        GatewayTracing.CompleteServer(span, FormatId.OpenAIChat, SampleRecords.Allowed with
        {
            Findings = [SampleRecords.Finding with { Action = PolicyAction.Taint }],
            Guards = [new GuardRun(GuardId.Content, Verdict.Bypassed, "timeout", 1)],
        });

        Assert.Equal((true, true), (span.GetTagItem("gateway.tainted"), span.GetTagItem("gateway.fail_open")));
    }

    [Fact]
    public void StartPhase_is_an_internal_span()
    {
        using var span = _tracing.StartPhase(OverheadPhase.RequestGuards);

        Assert.Equal(("gateway.request_guards", ActivityKind.Internal), (span!.DisplayName, span.Kind));
    }

    private Activity Start() => _tracing.StartInference(
        new InferenceCall("openai", "gpt-4o-mini", new Uri("https://user:pw@api.example.com/v1?key=secret"), Stream: true))!;

    private static IEnumerable<string> Tags(Activity span) => span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal);
}
