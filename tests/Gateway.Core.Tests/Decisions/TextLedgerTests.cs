using System.Text;
using CsCheck;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;
using Gateway.Core.Tests.Guards;

namespace Gateway.Core.Tests.Decisions;

/// <summary>What was delivered is held against what guards were given, and neither side is taken from the other.</summary>
public sealed class TextLedgerTests
{
    private const string Body = """
        {"model":"gpt-4o","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":[{"type":"text","text":"one"},{"type":"text","text":"three"}]}]}
        """;

    private static readonly TenantPolicy Users = TestPolicies.With(TestPolicies.Rule("falcon", Surface.User, Surface.Output, Surface.ToolArguments));

    [Fact]
    public async Task Lines_guard_that_reads_everything_misses_nothing()
    {
        var line = await RequestLineAsync(Users, new ContentGuard());
        Assert.Equal(0, line.Missing);
        Assert.Equal("onethree".Length, line.Inspected);
        Assert.Equal(line.Delivered, line.Inspected + line.Exempt);
    }

    [Fact]
    public async Task Lines_guard_that_skips_a_segment_misses_its_text()
    {
        var line = await RequestLineAsync(Users, new Skipper(segment => segment.TextLength == "three".Length && segment.Surface == Surface.User));
        Assert.Equal("three".Length, line.Missing);
        Assert.Equal("one".Length, line.Inspected);
    }

    [Fact]
    public async Task Lines_guard_that_reads_one_segment_twice_does_not_make_up_for_another()
    {
        var line = await RequestLineAsync(Users, new Skipper(segment => segment.TextLength == "three".Length && segment.Surface == Surface.User, times: 5));
        Assert.Equal("three".Length, line.Missing);
    }

    [Fact]
    public async Task Lines_guard_that_reads_past_the_hand_out_counts_as_blind()
    {
        var line = await RequestLineAsync(Users, new Peeker());
        Assert.Equal("onethree".Length, line.Missing);
    }

    [Fact]
    public async Task Lines_guard_that_fails_open_inspected_nothing()
    {
        var line = await RequestLineAsync(Users with { OnError = GuardFailure.Allow }, new Skipper(_ => false, fails: true));
        Assert.Equal("onethree".Length, line.Missing);
    }

    [Theory]
    [InlineData(GuardMode.Monitor)]
    [InlineData(GuardMode.Off)]
    public async Task Lines_guard_that_is_not_enforced_can_miss_nothing(GuardMode mode)
    {
        var line = await RequestLineAsync(Users with { Mode = mode }, new Skipper(_ => true));
        Assert.Equal((0, line.Delivered), (line.Missing, line.Exempt));
    }

    [Fact]
    public async Task Lines_surface_with_monitoring_rules_only_is_exempt()
    {
        var rule = TestPolicies.Rule("falcon", Surface.User) with { Mode = GuardMode.Monitor };
        Assert.Equal(0, (await RequestLineAsync(TestPolicies.With(rule), new Skipper(_ => true))).Missing);
    }

    [Fact]
    public void Lines_text_that_was_withheld_is_no_gap_and_makes_up_for_none()
    {
        var ledger = new TextLedger();
        ledger.Inspect(TrafficDirection.Response, GuardId.Content, Counts(Surface.Output, 100));
        Assert.Empty(ledger.Lines(Users));
        ledger.Deliver(TrafficDirection.Response, Counts(Surface.ToolArguments, 10));
        Assert.Equal(10, Assert.Single(ledger.Lines(Users)).Missing);
    }

    [Theory]
    [InlineData(FormatId.OpenAIChat)]
    [InlineData(FormatId.AnthropicMessages)]
    public void Lines_stream_delivers_what_was_scanned_at_any_chunking(FormatId format)
    {
        var everything = TestPolicies.With(TestPolicies.Rule("blue falcon", Enum.GetValues<Surface>()));
        Gen.Select(Gen.OneOf("a", "the blue ", "falafel ", "blue fal", "\n", "ü☕").Array[1, 8], Gen.Bool, Gen.Int[1, 40].Array[1, 60]).Sample((pieces, tool, sizes) =>
        {
            var stream = tool
                ? TestStreams.ToolCall(format, "search", "{\"q\":", "\"blue", " falafel\"}")
                : TestStreams.Text(format, pieces);
            using var inspector = TestInspector.Create(format, everything);
            var run = TestInspector.Run(inspector, stream, sizes);
            Assert.Equal(StreamEnd.Complete, run.End);
            Assert.True(inspector.Delivered.Total > 0);
            var line = Line(inspector, everything);
            Assert.Equal((0, 0, inspector.Delivered.Total), (line.Missing, line.Exempt, line.Inspected));
        }, iter: 300);
    }

    [Fact]
    public void Lines_stream_that_is_cut_delivers_less_than_was_scanned()
    {
        var policy = TestPolicies.With(TestPolicies.Rule("blue falcon", Enum.GetValues<Surface>()));
        using var inspector = TestInspector.Create(FormatId.OpenAIChat, policy);
        TestInspector.Run(inspector, TestStreams.Text(FormatId.OpenAIChat, "fine ", "blue fal", "con "), [40, 40]);
        Assert.Equal(StreamEnd.Violation, inspector.End);
        Assert.True(inspector.Delivered[Surface.Output] < inspector.Scanned[Surface.Output]);
        Assert.Equal(0, Line(inspector, policy).Missing);
    }

    private static LedgerLine Line(StreamInspector inspector, TenantPolicy policy)
    {
        var ledger = new TextLedger();
        ledger.Inspect(TrafficDirection.Response, GuardId.Content, inspector.Scanned);
        ledger.Deliver(TrafficDirection.Response, inspector.Delivered);
        return Assert.Single(ledger.Lines(policy));
    }

    private static TextCounts Counts(Surface surface, long units)
    {
        var counts = new TextCounts();
        counts.Add(surface, units);
        return counts;
    }

    private static async Task<LedgerLine> RequestLineAsync(TenantPolicy policy, IRequestGuard guard)
    {
        using var request = new ExchangeRequest { Body = Encoding.UTF8.GetBytes(Body) };
        Assert.Null(WireFormats.All.Single(format => format.Id == FormatId.OpenAIChat).ReadRequest(request));
        var exchange = new Exchange(TimeProvider.System, FormatId.OpenAIChat, new DecisionIds()) { Policy = policy, Request = request };
        exchange.Guards = new GuardContext(exchange.Id, request, policy, "gpt-4o");
        await new GuardPipeline([guard], TimeProvider.System).RunAsync(exchange.Guards, CancellationToken.None);
        exchange.Ledger.Deliver(TrafficDirection.Request, TextCounts.Of(request.Content));
        exchange.Conclude(Outcome.Allowed);
        return Assert.Single(exchange.ToRecord().Ledger);
    }

    private sealed class Skipper(Func<Segment, bool> skips, int times = 1, bool fails = false) : IRequestGuard
    {
        public GuardId Id => GuardId.Content;

        public ValueTask EvaluateAsync(GuardContext context, CancellationToken cancellationToken)
        {
            foreach (var segment in context.Request.Content.Segments)
            {
                for (var i = 0; i < times && !skips(segment); i++)
                {
                    context.Texts.Read(segment);
                }
            }

            return fails ? throw new InvalidOperationException("No verdict.") : ValueTask.CompletedTask;
        }
    }

    private sealed class Peeker : IRequestGuard
    {
        public GuardId Id => GuardId.Content;

        public ValueTask EvaluateAsync(GuardContext context, CancellationToken cancellationToken)
        {
            _ = context.Request.Content.Text.IndexOf("falcon", StringComparison.Ordinal);
            return ValueTask.CompletedTask;
        }
    }
}
