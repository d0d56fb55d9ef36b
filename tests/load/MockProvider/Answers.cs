using System.Buffers;
using System.Text;

namespace MockProvider;

internal enum AnswerKind
{
    Plain,
    Burst,
    Paced,
}

/// <summary>The answers, made once. Streams come in two variants: a provider sends usage only to those who ask for it.</summary>
internal static class Answers
{
    public const string EventStream = "text/event-stream; charset=utf-8";
    private const int BurstEvents = 200;
    private const int PacedEvents = 100;

    private const string Usage =
        """{"prompt_tokens":1200,"completion_tokens":200,"total_tokens":1400,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}""";

    private static readonly string[] Words = ["The ", "harbour ", "office ", "opens ", "at ", "nine, ", "and ", "the ", "ferry ", "leaves ", "on ", "time. "];

    public static byte[] Plain { get; } = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-mock1","object":"chat.completion","created":1767225600,"model":"gpt-4o-plain","choices":[{"index":0,"message":{"role":"assistant","content":"The harbour office opens at nine, and the ferry leaves on time.","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":"""
        + Usage + ""","service_tier":"default","system_fingerprint":"fp_mock"}""");

    public static byte[][] Paced { get; } = Frames("gpt-4o-paced", PacedEvents, withUsage: false);

    public static byte[][] PacedWithUsage { get; } = Frames("gpt-4o-paced", PacedEvents, withUsage: true);

    public static byte[][] Burst { get; } = Frames("gpt-4o-burst", BurstEvents, withUsage: false);

    public static byte[][] BurstWithUsage { get; } = Frames("gpt-4o-burst", BurstEvents, withUsage: true);

    /// <summary>What <paramref name="body"/> asks for. Reads the model's name in its first 512 bytes.</summary>
    public static AnswerKind KindOf(in ReadOnlySequence<byte> body, out bool withUsage)
    {
        var bytes = body.IsSingleSegment ? body.FirstSpan : body.ToArray();
        var start = bytes[..Math.Min(bytes.Length, 512)];
        var kind = start.IndexOf("gpt-4o-burst"u8) >= 0 ? AnswerKind.Burst : start.IndexOf("gpt-4o-paced"u8) >= 0 ? AnswerKind.Paced : AnswerKind.Plain;
        withUsage = kind != AnswerKind.Plain && bytes.IndexOf("\"include_usage\":true"u8) >= 0;
        return kind;
    }

    private static byte[][] Frames(string model, int events, bool withUsage)
    {
        var usage = withUsage ? ""","usage":null""" : "";
        string Chunk(string delta, string reason) =>
            $$"""data: {"id":"chatcmpl-mock2","object":"chat.completion.chunk","created":1767225600,"model":"{{model}}","service_tier":"default","system_fingerprint":"fp_mock","choices":[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":{{reason}}}]{{usage}}}""" + "\n\n";

        List<string> frames = [Chunk("""{"role":"assistant","content":"","refusal":null}""", "null")];
        frames.AddRange(Enumerable.Range(0, events - 3).Select(index => Chunk($$"""{"content":"{{Words[index % Words.Length]}}"}""", "null")));
        frames.Add(Chunk("{}", "\"stop\""));
        if (withUsage)
        {
            frames.Add(
                $$"""data: {"id":"chatcmpl-mock2","object":"chat.completion.chunk","created":1767225600,"model":"{{model}}","service_tier":"default","system_fingerprint":"fp_mock","choices":[],"usage":{{Usage}}}""" + "\n\n");
        }

        frames.Add("data: [DONE]\n\n");
        return [.. frames.Select(Encoding.UTF8.GetBytes)];
    }
}
