using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.Json;
using Gateway.Core.Guards;
using Gateway.Core.Policies;

namespace Gateway.Fuzz;

/// <summary>A parser under test. <paramref name="Run"/> says whether it accepted the body and throws <see cref="Violation"/> when it went wrong.</summary>
internal sealed record Target(string Name, Func<string, bool> TakesSeed, Func<byte[], bool> Run);

/// <summary>A parser accepted what it does not understand, or broke a promise.</summary>
internal sealed class Violation(string message) : Exception(message);

/// <summary>Every parser that meets bytes from outside, with what must hold for any input.</summary>
internal sealed class Targets
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 256 };
    private static readonly CapabilitySet s_everything =
        Enum.GetValues<Capability>().Aggregate(default(CapabilitySet), (set, capability) => set.With(capability));

    private static readonly TenantPolicy s_open = new()
    {
        Name = "fuzz",
        Source = new PolicySource("fuzz.yaml", 1, 1),
        Tenants = ["*"],
        Models = new ModelRules { Allow = ["*"] },
        Limits = new LimitRules(),
        Content = ContentRuleSet.Empty,
    };

    private readonly Vocabulary _vocabulary = new();
    private readonly Dictionary<int, (int Start, int Length)> _byToken = [];
    private readonly StreamFrame _frame = new();

    public IEnumerable<Target> All()
    {
        yield return new Target("json", file => file.EndsWith(".json", StringComparison.Ordinal), Json);
        yield return new Target("sse-framing", IsStream, Framing);
        foreach (var format in WireFormats.All.Where(format => format.Endpoints[0].Method == "POST"))
        {
            yield return new Target($"{format.Id}/request", file => file.Contains(".request.", StringComparison.Ordinal), body => Request(format, body));
            yield return new Target($"{format.Id}/response", file => file.EndsWith(".response.json", StringComparison.Ordinal), body => Response(format, body));
            if (format.Endpoints.Any(endpoint => endpoint.Streams is not false))
            {
                yield return new Target($"{format.Id}/stream", IsStream, body => Stream(format, body));
            }
        }
    }

    private static bool IsStream(string file) => file.EndsWith(".sse", StringComparison.Ordinal);

    /// <summary>What the strict reader accepts, a second strict parser accepts and finds the same tokens in.</summary>
    private static bool Json(byte[] body)
    {
        using var tape = new JsonTape();
        if (StrictJson.ReadObject(body, tape) is not null)
        {
            return false;
        }

        Parse(body).Dispose();
        var view = tape.View(body);
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        for (var at = 0; at < view.Count; at++)
        {
            do
            {
                reader.Read();
            }
            while (reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject);

            if (view[at].Start != reader.TokenStartIndex)
            {
                throw new Violation($"token {at} stands at {view[at].Start}, another parser finds it at {reader.TokenStartIndex}");
            }
        }

        return true;
    }

    /// <summary>Every string of an accepted request is a segment with the same text, or a word of the format, whatever the policy tolerates.</summary>
    private bool Request(IWireFormat format, byte[] body) => Request(format, body, default) | Request(format, body, s_everything);

    private bool Request(IWireFormat format, byte[] body, CapabilitySet tolerates)
    {
        var path = format.Endpoints.Any(endpoint => endpoint.Routes.Any(route => route.Contains("{model}", StringComparison.Ordinal))) ? "m" : null;
        using var request = new ExchangeRequest { Body = body, PathModel = path, Tolerates = tolerates };
        if (format.ReadRequest(request) is not null)
        {
            return false;
        }

        Index(request.Content);
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            {
                var text = reader.GetString()!;
                var isName = reader.TokenType == JsonTokenType.PropertyName;
                if (!IsFound(request.Content, (int)reader.TokenStartIndex, text) && !(isName ? _vocabulary.IsMember(text) : _vocabulary.IsValue(text)))
                {
                    throw new Violation($"'{text}' at byte {reader.TokenStartIndex} is no segment");
                }
            }
        }

        using var forwarded = Parse(BodyEdit.Apply(body, request.UsageEdits.Concat(request.DenialEdits)));
        if (path is null && (forwarded.RootElement.GetProperty("model").GetString() != request.Model))
        {
            throw new Violation("the model that is judged is not the model that is sent");
        }

        return true;
    }

    /// <summary>Every string of an accepted response was read, or is a word of the format.</summary>
    private bool Response(IWireFormat format, byte[] body)
    {
        using var content = new MessageContent();
        if (!format.TryReadResponse(body, content) || content.IsError)
        {
            return false;
        }

        Parse(body).Dispose();
        var all = content.Text;
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        string name = "";
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                name = reader.GetString()!;
            }
            else if (reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } text && !IsWord(name, text)
                && !all.Contains(text, StringComparison.Ordinal))
            {
                throw new Violation($"'{text}' ({name}) at byte {reader.TokenStartIndex} was not read");
            }
        }

        return true;
    }

    /// <summary>Every string of every frame that passes was read by then; and no chunking changes what passes.</summary>
    private bool Stream(IWireFormat format, byte[] body)
    {
        var request = new ExchangeRequest { Body = default, Stream = true, ChoiceCount = 2, ClientWantsStreamUsage = true, Model = "m" };
        var reader = format.CreateStreamReader(request);
        var channels = new Dictionary<int, StringBuilder> { [-1] = new() };
        var passed = 0;
        using (var frames = new SseFrameReader())
        {
            frames.Append(body);
            frames.Complete();
            while (frames.TryRead(out var sse))
            {
                reader.Read(sse, _frame);
                foreach (var delta in _frame.Deltas)
                {
                    if (!channels.TryGetValue(delta.Channel, out var channel))
                    {
                        channels[delta.Channel] = channel = new StringBuilder();
                    }

                    channel.Append(_frame.TextOf(delta));
                }

                if (_frame.Fault is not null || _frame.IsProviderError)
                {
                    break;
                }

                CheckFrame(sse, string.Join('\n', channels.Values));
                passed++;
                if (_frame.IsTerminal)
                {
                    break;
                }
            }
        }

        CompareChunkings(format, request, body);
        return passed > 0;
    }

    private static void CheckFrame(in SseFrame sse, string read)
    {
        if (!sse.HasData || !sse.Data.TrimStart(" \t"u8).StartsWith("{"u8))
        {
            return;
        }

        var name = "";
        var json = new Utf8JsonReader(sse.Data, new JsonReaderOptions { MaxDepth = 256 });
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName)
            {
                name = Text(ref json) ?? "";
            }
            else if (json.TokenType == JsonTokenType.String && Text(ref json) is { Length: > 0 } text && !IsWord(name, text)
                && !read.Contains(text, StringComparison.Ordinal) && !read.Contains(Encoding.UTF8.GetString(json.ValueSpan), StringComparison.Ordinal))
            {
                // The second look is for arguments that are JSON on the wire: they are read raw and decoded once the call is whole.
                throw new Violation($"'{text}' ({name}) passed unread");
            }
        }
    }

    // Null for half a surrogate pair, whose other half comes with the next frame.
    private static string? Text(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static void CompareChunkings(IWireFormat format, ExchangeRequest request, byte[] body)
    {
        var seed = new SplitMix((ulong)body.Length * 31 + (body.Length > 0 ? body[^1] : 0ul));
        var whole = Inspect(format, request, body, body.Length + 1);
        var parts = Inspect(format, request, body, 1 + seed.Below(40));
        if (!whole.SequenceEqual(parts) && !IsSame(Frames(whole), Frames(parts)) && !Ticked(format, request, body, whole))
        {
            throw new Violation("what passes depends on how the bytes are cut");
        }
    }

    // Frames of different lanes may pass each other when they come in pieces: then the same ones come, in another order.
    private static List<string> Frames(byte[] stream) => [.. Encoding.Latin1.GetString(stream).Replace("\r", "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    // An ending of the gateway's own states the second in which it was written.
    private static bool Ticked(IWireFormat format, ExchangeRequest request, byte[] body, byte[] whole) =>
        !Inspect(format, request, body, body.Length + 1).SequenceEqual(whole);

    // A stream that is cut may have let frames of other lanes through before, or not: then one client has some frames more, none has others.
    private static bool IsSame(List<string> whole, List<string> parts)
    {
        var more = new List<string>(parts);
        var missing = whole.Count(frame => !more.Remove(frame));
        return missing == 0 || more.Count == 0;
    }

    private static byte[] Inspect(IWireFormat format, ExchangeRequest request, byte[] body, int size)
    {
        var output = new ArrayBufferWriter<byte>(body.Length + 512);
        var error = new GatewayError(ErrorCode.UpstreamFailed, "Cut.", "dec_1");
        using var inspector = new StreamInspector(format.CreateStreamReader(request), s_open, _ => { }, _ => new CutNotice(false, error));
        for (var at = 0; at < body.Length; at += size)
        {
            inspector.Feed(body.AsSpan(at, Math.Min(size, body.Length - at)), output);
        }

        inspector.Complete(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Frames do not depend on the chunks, and their bytes are the input's.</summary>
    private static bool Framing(byte[] body)
    {
        var size = 1 + (body.Length % 7);
        using var whole = new SseFrameReader();
        using var parts = new SseFrameReader();
        whole.Append(body);
        whole.Complete();
        var at = 0;
        var fed = 0;
        while (whole.TryRead(out var frame))
        {
            if (!frame.Raw.SequenceEqual(body.AsSpan(at, frame.Raw.Length)))
            {
                throw new Violation("a frame's bytes are not the input's");
            }

            at += frame.Raw.Length;
            SseFrame other;
            while (!parts.TryRead(out other))
            {
                if (fed >= body.Length)
                {
                    parts.Complete();
                    if (!parts.TryRead(out other))
                    {
                        throw new Violation("a frame is found only in one chunking");
                    }

                    break;
                }

                var count = Math.Min(size, body.Length - fed);
                parts.Append(body.AsSpan(fed, count));
                fed += count;
            }

            if (!other.Raw.SequenceEqual(frame.Raw) || !other.Data.SequenceEqual(frame.Data) || !other.Event.SequenceEqual(frame.Event))
            {
                throw new Violation("frames depend on the chunking");
            }
        }

        return at > 0;
    }

    // Closed words and numbers in base64 in responses, by the name of their member: no author's text.
    private static bool IsWord(string name, string text) =>
        name == "embedding" || (text.Length <= 64 && name is "object" or "type" or "role" or "finish_reason" or "stop_reason" or "status" or "service_tier" or "finishReason" or "blockReason" or "category"
            or "probability" or "severity" or "language" or "outcome" or "modality" or "encoding_format" or "format" or "detail" && !text.AsSpan().ContainsAnyExcept(s_wordUnits));

    private static readonly SearchValues<char> s_wordUnits = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    private void Index(MessageContent content)
    {
        _byToken.Clear();
        foreach (var segment in content.Segments)
        {
            _byToken.TryAdd(segment.TokenStart, (segment.TextStart, segment.TextLength));
        }
    }

    private bool IsFound(MessageContent content, int token, string text) =>
        _byToken.TryGetValue(token, out var at) && content.Text.Slice(at.Start, at.Length).SequenceEqual(text);

    private static JsonDocument Parse(byte[] body)
    {
        try
        {
            return JsonDocument.Parse(body, s_strict);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new Violation($"accepted, but another strict parser refuses it: {exception.Message}");
        }
    }
}
