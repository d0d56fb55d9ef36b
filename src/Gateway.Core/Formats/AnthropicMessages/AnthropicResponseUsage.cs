using System.Text.Json;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>
/// Usage of one message. The wire counts cache reads and writes beside the input, so the total is their sum; in a stream the members that are
/// not null replace the earlier ones.
/// </summary>
internal sealed class AnthropicResponseUsage
{
    private long _input;
    private long _cacheWrite;
    private long _cacheRead;
    private long _thinking;

    /// <summary>Output tokens stated so far.</summary>
    public long Output { get; private set; }

    /// <summary>The usage so far.</summary>
    public TokenUsage Total => new(_input + _cacheWrite + _cacheRead, Output, _cacheRead, _cacheWrite, _thinking);

    /// <summary>Takes over the usage that <paramref name="reader"/> stands on, and reports it.</summary>
    public void Read(ref Utf8JsonReader reader, IResponseSink sink)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            StringLeaves.Walk(ref reader, sink, TextPlaces.Metadata, -1);
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Member(ref reader, sink);
        }

        sink.Usage(Total);
    }

    private void Member(ref Utf8JsonReader reader, IResponseSink sink)
    {
        var name = reader.ValueSpan;
        reader.Read();
        if (JsonMembers.TryCount(in reader, out var count))
        {
            Take(name, count);
        }
        else if (reader.TokenType == JsonTokenType.StartObject && name.SequenceEqual("output_tokens_details"u8)
            && JsonMembers.TryFind(reader, "thinking_tokens"u8, out var value) && JsonMembers.TryCount(in value, out count))
        {
            _thinking = count;
        }

        StringLeaves.Walk(ref reader, sink, TextPlaces.Metadata, -1);
    }

    private void Take(ReadOnlySpan<byte> name, long count)
    {
        if (name.SequenceEqual("input_tokens"u8))
        {
            _input = count;
        }
        else if (name.SequenceEqual("cache_creation_input_tokens"u8))
        {
            _cacheWrite = count;
        }
        else if (name.SequenceEqual("cache_read_input_tokens"u8))
        {
            _cacheRead = count;
        }
        else if (name.SequenceEqual("output_tokens"u8))
        {
            Output = count;
        }
    }
}
