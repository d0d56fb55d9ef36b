using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.AnthropicMessages;
using Gateway.Core.Formats.Json;
using Gateway.Core.Formats.OpenAIChat;

namespace Gateway.Benchmarks;

/// <summary>
/// The strict reader and both request readers against the least that any inspection costs: one pass of Utf8JsonReader that unescapes every
/// string value. Run with <c>dotnet run -c Release --project tests/Gateway.Benchmarks -- --filter *JsonBenchmarks*</c>.
/// </summary>
[MemoryDiagnoser]
public class JsonBenchmarks
{
    private readonly OpenAIChatFormat _openAI = new();
    private readonly AnthropicMessagesFormat _anthropic = new();
    private byte[] _openAIBody = [];
    private byte[] _anthropicBody = [];
    private char[] _text = [];

    /// <summary>Which body.</summary>
    [Params("small", "medium", "large")]
    public string Size { get; set; } = "small";

    /// <summary>Makes the bodies.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _openAIBody = RequestBodies.OpenAI(Size);
        _anthropicBody = RequestBodies.Anthropic(Size);
        _text = new char[_openAIBody.Length];
    }

    /// <summary>The floor.</summary>
    [Benchmark(Baseline = true)]
    public int Utf8JsonReaderWithTexts()
    {
        var reader = new Utf8JsonReader(_openAIBody);
        var length = 0;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                length += reader.CopyString(_text);
            }
        }

        return length;
    }

    /// <summary>The strict reader alone.</summary>
    [Benchmark]
    public int StrictReader()
    {
        using var tape = new JsonTape();
        return StrictJson.ReadObject(_openAIBody, tape) is null ? tape.Count : throw new InvalidOperationException();
    }

    /// <summary>A Chat Completions request to segments, tools and calls.</summary>
    [Benchmark]
    public int OpenAIRequest() => Read(_openAI, _openAIBody);

    /// <summary>A Messages request to segments, tools and calls.</summary>
    [Benchmark]
    public int AnthropicRequest() => Read(_anthropic, _anthropicBody);

    private static int Read(IWireFormat format, byte[] body)
    {
        using var request = new ExchangeRequest { Body = body };
        return format.ReadRequest(request) is null ? request.Content.Segments.Length : throw new InvalidOperationException();
    }
}
