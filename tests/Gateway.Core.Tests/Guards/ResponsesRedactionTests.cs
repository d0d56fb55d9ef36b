using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.OpenAIResponses;
using Gateway.Core.Guards;
using Gateway.Core.Tests.Formats;
using Gateway.Core.Tests.Formats.Responses;
using Gateway.Core.Tests.Formats.Streams;
using Xunit;

namespace Gateway.Core.Tests.Guards;

/// <summary>Responses streams say every text up to five times: what is replaced in one place is replaced in all.</summary>
public sealed class ResponsesRedactionTests
{
    private const string Word = "k😀\"ü";
    private const string Gone = "[\"g\\]";

    private static readonly Gen<string[]> Pieces =
        Gen.OneOf("a", " ", "k", "k😀", "😀", "\"", "ü", "\n", "\\", Word, Word, "\"ü").Array[1, 9].Select(pieces => pieces.ToArray());

    // Words of texts that are also part of a name or of a value of the format.
    private const string FormatWords = "completed incomplete in_progress output_text summary_text assistant message response reasoning function_call name";

    public static TheoryData<string> Streams => Named(".sse");

    public static TheoryData<string> Bodies => Named(".json");

    [Theory]
    [MemberData(nameof(Streams))]
    public void Feed_word_of_a_golden_stream_stands_nowhere_in_what_comes_out(string file)
    {
        var body = GoldenAnswers.Bytes(file);
        var run = StreamRun.Golden(file);
        var words = Words(run.Texts().Where(one => one.Delta.Surface != Surface.Metadata).Select(one => one.Text).Concat(run.Calls().SelectMany(call => Values(call.Arguments))));
        Assert.NotEmpty(words);
        var completed = 0;
        foreach (var word in words)
        {
            var came = Run(body, word, []);
            AssertGone(came, word);
            completed += came.End == StreamEnd.Complete ? 1 : 0;
        }

        Assert.True(completed > 0, "nothing was replaced");
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Feed_word_of_a_golden_stream_is_replaced_alike_at_every_split(string file)
    {
        var body = GoldenAnswers.Bytes(file);
        var word = Words(StreamRun.Golden(file).Texts().Where(one => one.Delta.Surface is Surface.Output or Surface.Reasoning).Select(one => one.Text)).First();
        var whole = Run(body, word, []);
        AssertGone(whole, word);
        for (var split = 1; split < body.Length; split += 7)
        {
            Assert.Equal(whole.Text, Run(body, word, [split]).Text);
        }
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Run_word_of_a_golden_body_stands_nowhere_in_what_comes_out(string file)
    {
        var body = GoldenAnswers.Bytes(file);
        using var content = new MessageContent();
        Assert.True(new OpenAIResponsesFormat().TryReadResponse(body, content), content.ErrorCode);
        var texts = new List<string>();
        foreach (var segment in content.Segments)
        {
            texts.Add(segment.Surface == Surface.Metadata ? "" : content.TextOf(segment).ToString());
        }

        var replaced = 0;
        foreach (var word in Words(texts))
        {
            var findings = new List<Finding>();
            var edits = BodyRedaction.Run(content, body, [new WordRedactor(word, "[x]")], GuardMode.Enforce, findings.Add);
            if (findings.TrueForAll(finding => !finding.Blocks))
            {
                replaced++;
                Assert.DoesNotContain(word, Encoding.UTF8.GetString(BodyEdit.Apply(body, edits)), StringComparison.Ordinal);
            }
        }

        Assert.True(replaced > 0, "nothing was replaced");
    }

    [Fact]
    public void Feed_messages_come_out_with_the_words_replaced_in_pieces_and_whole() =>
        Gen.Select(Pieces, Pieces, Gen.Int[1, 90].Array[0, 60]).Sample((first, second, sizes) =>
        {
            var run = Run(TestResponsesStreams.Stream(TestResponsesStreams.Message(0, first), TestResponsesStreams.Message(1, second)), Word, sizes, Gone);
            Assert.Equal(StreamEnd.Complete, run.End);
            var events = Events(run.Text);
            var texts = events[^1]["response"]!["output"]!.AsArray().Select(item => item!["content"]![0]!["text"]!.GetValue<string>());
            var all = string.Concat(first) + string.Concat(second);
            Assert.Equal(all.Replace(Word, Gone, StringComparison.Ordinal), string.Concat(texts));
            Assert.Equal(string.Concat(texts), string.Concat(Deltas(events)));
            foreach (var text in events.SelectMany(Strings))
            {
                Assert.DoesNotContain(Word, text, StringComparison.Ordinal);
            }
        }, iter: 400);

    [Fact]
    public void Feed_arguments_come_out_as_the_same_json_in_all_events() =>
        Gen.Select(Pieces, Gen.Int[1, 90].Array[0, 60]).Sample((pieces, sizes) =>
        {
            var arguments = new JsonObject { ["to"] = string.Concat(pieces), ["n"] = 1.5 }.ToJsonString();
            var run = Run(TestResponsesStreams.ToolCall("send", arguments[..7], arguments[7..]), Word, sizes, Gone);
            Assert.Equal(StreamEnd.Complete, run.End);
            var events = Events(run.Text);
            string[] stated =
            [
                string.Concat(Deltas(events)),
                events.Single(one => TypeOf(one) == "response.function_call_arguments.done")["arguments"]!.GetValue<string>(),
                events.Single(one => TypeOf(one) == "response.output_item.done")["item"]!["arguments"]!.GetValue<string>(),
                events[^1]["response"]!["output"]![0]!["arguments"]!.GetValue<string>(),
            ];
            Assert.All(stated, one => Assert.Equal(
                string.Concat(pieces).Replace(Word, Gone, StringComparison.Ordinal), JsonNode.Parse(one)!["to"]!.GetValue<string>()));
        }, iter: 200);

    [Fact]
    public void Feed_text_that_is_stated_otherwise_in_the_end_is_replaced_there_too()
    {
        var run = Run(TestResponsesStreams.Stream(TestResponsesStreams.Message(0, ["a wo", "rd b "], restated: ["a word b"])), "word", []);
        Assert.Equal(StreamEnd.Complete, run.End);
        Assert.Equal("a [x] b", Events(run.Text)[^1]["response"]!["output"]![0]!["content"]![0]!["text"]!.GetValue<string>());
        Assert.DoesNotContain("word", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Feed_word_that_only_the_last_event_states_is_replaced()
    {
        var run = Run(TestResponsesStreams.Stream([TestResponsesStreams.Message("msg_0", "completed", TestResponsesStreams.Part("output_text", "a word"))]), "word", []);
        Assert.Equal(StreamEnd.Complete, run.End);
        Assert.DoesNotContain("word", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Feed_closing_event_waits_no_longer_than_the_text_it_repeats()
    {
        var body = TestResponsesStreams.Stream(TestResponsesStreams.Message(0, ["one wo"]), TestResponsesStreams.Message(1, ["two ", "three"]));
        var inspector = Inspector("word", "[x]");
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var text = Encoding.UTF8.GetString(body);
        inspector.Feed(body.AsSpan(0, Encoding.UTF8.GetByteCount(text[..(text.IndexOf("two ", StringComparison.Ordinal) + 200)])), output);
        Assert.Contains("\"two \"", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    [Fact]
    public void Feed_refusal_in_the_middle_repeats_the_text_as_it_was_released()
    {
        var request = new ExchangeRequest { Body = default };
        var inspector = new StreamInspector(
            new OpenAIResponsesStreamReader(request),
            TestPolicies.With(TestPolicies.Rule("blue falcon")),
            static _ => { },
            static _ => new CutNotice(true, new GatewayError(Core.Formats.ErrorCode.PolicyBlocked, "Stopped.", "dec_1")),
            [new WordRedactor("word", "[x]")],
            new OpenAIResponsesStreamReader(request));
        var body = TestResponsesStreams.Stream(TestResponsesStreams.Message(0, ["a wo", "rd. "]), TestResponsesStreams.Message(1, ["a word and ", "blue falcon"]));
        var run = TestInspector.Run(inspector, body, []);
        Assert.Equal(StreamEnd.Violation, run.End);
        Assert.DoesNotContain("word", run.Text, StringComparison.Ordinal);
        var output = Events(run.Text)[^1]["response"]!["output"]!;
        Assert.Equal(["a [x]. ", "a [x] and "], output.AsArray().Select(item => item!["content"]![0]!["text"]!.GetValue<string>()));
    }

    private static TheoryData<string> Named(string ending) => new(GoldenAnswers.Names(ending).Where(name =>
        SampleFormats.Of(name).Id == FormatId.OpenAIResponses && GoldenAnswers.Parse(name) == "ok" && !name.Contains("error", StringComparison.Ordinal)));

    private static StreamInspector Inspector(string word, string replacement) =>
        TestInspector.Create(FormatId.OpenAIResponses, TestPolicies.With(), null, new WordRedactor(word, replacement));

    private static InspectedRun Run(byte[] body, string word, int[] sizes, string replacement = "[x]") => TestInspector.Run(Inspector(word, replacement), body, sizes);

    private static void AssertGone(InspectedRun run, string word)
    {
        Assert.True(run.End is StreamEnd.Complete or StreamEnd.Violation, $"{run.End} {run.Fault} for {word}");
        Assert.DoesNotContain(word, run.Text, StringComparison.Ordinal);
    }

    // Long enough to be no word of the format.
    private static string[] Words(IEnumerable<string> texts) => [.. texts.SelectMany(text => text.Split(' ', '\n', '.', ',', '"', ':', '/'))
        .Where(word => word.Length >= 4 && word.All(char.IsLetter) && !IsOfFormat(word)).Distinct().Order(StringComparer.Ordinal)];

    private static bool IsOfFormat(string word) => FormatWords.Contains(word, StringComparison.Ordinal);

    private static IEnumerable<string> Values(string json) => json.Length == 0 ? [] : Strings(JsonNode.Parse(json)!);

    private static List<JsonNode> Events(string stream) =>
        [.. stream.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonNode.Parse(line[6..])!)];

    private static string TypeOf(JsonNode one) => one["type"]!.GetValue<string>();

    private static IEnumerable<string> Deltas(IEnumerable<JsonNode> events) => events.Select(one => one["delta"]?.GetValue<string>() ?? "");

    private static IEnumerable<string> Strings(JsonNode? node) => node switch
    {
        JsonObject all => all.SelectMany(member => Strings(member.Value)),
        JsonArray all => all.SelectMany(Strings),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [value.GetValue<string>()],
        _ => [],
    };
}
