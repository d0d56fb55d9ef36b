using System.Text;
using System.Text.Json;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;
using Xunit;
using static Gateway.Core.Tests.Policies.Overrides.TestOverrides;
using static Gateway.Core.Tests.TestStreams;

namespace Gateway.Core.Tests.Guards;

public sealed class OverrideStreamTests
{
    private static readonly FormatId[] s_formats = [FormatId.OpenAIChat, FormatId.AnthropicMessages, FormatId.OpenAIResponses];

    public static TheoryData<FormatId, GuardMode> All
    {
        get
        {
            var all = new TheoryData<FormatId, GuardMode>();
            foreach (var (format, mode) in s_formats.SelectMany(format => Enum.GetValues<GuardMode>().Select(mode => (format, mode))))
            {
                all.Add(format, mode);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Feed_call_of_a_stopped_tool_never_reaches_the_client_however_it_is_cut(FormatId format, GuardMode mode)
    {
        var stream = ToolCall(format, "send_email", "{\"to\":", "\"bob\"}");
        var policy = Tightened(mode, Tool("send_email"));
        for (var split = 0; split < stream.Length; split++)
        {
            var run = TestInspector.Run(format, policy, stream, split);
            Assert.Equal(StreamEnd.Violation, run.End);
            Assert.DoesNotContain("send_email", run.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Feed_arguments_that_match_over_two_frames_are_stopped(FormatId format, GuardMode mode)
    {
        var policy = Tightened(mode, Tool("send_email", arguments: "@evil"));
        var stopped = TestInspector.Run(format, policy, ToolCall(format, "send_email", "{\"to\":\"bob@e", "vil.example\"}"));
        Assert.Equal(StreamEnd.Violation, stopped.End);
        Assert.DoesNotContain("bob", stopped.Text, StringComparison.Ordinal);
        Assert.Equal(StreamEnd.Complete, TestInspector.Run(format, policy, ToolCall(format, "send_email", "{\"to\":\"bob@g", "ood.example\"}")).End);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Feed_pattern_over_two_frames_is_held_back(FormatId format, GuardMode mode)
    {
        var run = TestInspector.Run(format, Tightened(mode, Pattern("blue falcon")), Text(format, "the blue fa", "lcon flies"));
        Assert.Equal(StreamEnd.Violation, run.End);
        Assert.DoesNotContain("blue fa", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Feed_second_of_two_parallel_calls_is_stopped_before_the_first_goes_out_of_turn()
    {
        static string Piece(int index, string? name, string arguments) => ChatDelta(0, new
        {
            tool_calls = new[] { new { index, id = name is null ? null : $"call_{index}", type = "function", function = new { name, arguments } } },
        });
        var stream = Chat([ChatStart(0), Piece(0, "lookup", "{"), Piece(1, "send_email", "{\"to\""), Piece(0, null, "}"), Piece(1, null, ":1}"), ChatFinish(0, "tool_calls"), "[DONE]"]);
        var run = TestInspector.Run(FormatId.OpenAIChat, Tightened(GuardMode.Monitor, Tool("send_email")), stream);
        Assert.Equal(StreamEnd.Violation, run.End);
        Assert.DoesNotContain("send_email", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Feed_legacy_function_call_is_stopped()
    {
        var stream = Chat([ChatStart(0), ChatDelta(0, new { function_call = new { name = "send_email", arguments = "{}" } }), ChatFinish(0, "function_call"), "[DONE]"]);
        var run = TestInspector.Run(FormatId.OpenAIChat, Tightened(GuardMode.Off, Tool("send_email")), stream);
        Assert.Equal(StreamEnd.Violation, run.End);
        Assert.DoesNotContain("send_email", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Feed_call_that_the_provider_executes_is_stopped_by_its_family()
    {
        var stream = Sse(
            new { type = "content_block_start", index = 0, content_block = new { type = "server_tool_use", id = "srv_1", name = "web_search", input = new { } } },
            new { type = "content_block_delta", index = 0, delta = new { type = "input_json_delta", partial_json = "{\"query\":\"x\"}" } },
            new { type = "content_block_stop", index = 0 });
        Assert.Equal(StreamEnd.Violation, TestInspector.Run(FormatId.AnthropicMessages, Tightened(GuardMode.Monitor, Tool("web_search_20250305")), stream).End);
    }

    [Fact]
    public void Feed_search_results_are_stopped_where_third_party_content_is_refused()
    {
        var stream = Sse(
            new { type = "content_block_start", index = 0, content_block = new { type = "web_search_tool_result", tool_use_id = "srv_1", content = new[] { new { type = "web_search_result", url = "https://a.example", title = "A" } } } },
            new { type = "content_block_stop", index = 0 });
        var run = TestInspector.Run(FormatId.AnthropicMessages, Tightened(GuardMode.Off, Of(OverrideKind.ThirdParty)), stream);
        Assert.Equal(StreamEnd.Violation, run.End);
        Assert.DoesNotContain("a.example", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void CalledTools_are_those_of_the_stream()
    {
        var inspector = TestInspector.Create(FormatId.OpenAIChat, TestPolicies.With());
        TestInspector.Run(inspector, ToolCall(FormatId.OpenAIChat, "lookup", "{}"), []);
        Assert.Equal("lookup", Assert.Single(inspector.CalledTools!.ToImmutable()));
    }

    private static TenantPolicy Tightened(GuardMode mode, PolicyOverride item) =>
        Set(item).Tighten(TestPolicies.With() with { Mode = mode }, new PolicySubject("acme", Model: "gpt-4o"), Now);

    private static byte[] Sse(params object[] blocks)
    {
        object[] events =
        [
            new { type = "message_start", message = new { id = "msg_1", type = "message", role = "assistant", model = "claude-sonnet-4-5", content = Array.Empty<object>(), stop_reason = (string?)null, stop_sequence = (string?)null, usage = new { input_tokens = 3, output_tokens = 1 } } },
            .. blocks,
            new { type = "message_delta", delta = new { stop_reason = "end_turn", stop_sequence = (string?)null }, usage = new { output_tokens = 5 } },
            new { type = "message_stop" },
        ];
        return Encoding.UTF8.GetBytes(string.Concat(events.Select(item =>
        {
            var json = JsonSerializer.Serialize(item);
            return $"event: {JsonDocument.Parse(json).RootElement.GetProperty("type").GetString()}\ndata: {json}\n\n";
        })));
    }
}
