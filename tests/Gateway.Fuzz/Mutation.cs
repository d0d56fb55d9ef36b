using System.Text;
using System.Text.Json;

namespace Gateway.Fuzz;

/// <summary>A half-open range of bytes that is one JSON value or name of a seed.</summary>
internal readonly record struct Place(int Start, int End, bool IsName);

/// <summary>A body that mutation starts from, and where its JSON values stand (in a stream: those of every data line).</summary>
internal sealed class Seed
{
    public Seed(byte[] bytes)
    {
        Bytes = bytes;
        var places = new List<Place>();
        if (!TryMark(bytes, 0, places))
        {
            places.Clear();
            for (var at = 0; at < bytes.Length;)
            {
                var end = bytes.AsSpan(at).IndexOfAny((byte)'\n', (byte)'\r');
                end = end < 0 ? bytes.Length : at + end;
                var line = bytes.AsSpan(at, end - at);
                if (line.StartsWith("data:"u8))
                {
                    TryMark(line[5..].ToArray(), at + 5, places);
                }

                at = end + 1;
            }
        }

        Places = [.. places];
    }

    public byte[] Bytes { get; }

    public Place[] Places { get; }

    private static bool TryMark(byte[] json, int offset, List<Place> places)
    {
        var open = new Stack<int>();
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 512 });
            while (reader.Read())
            {
                var start = (int)reader.TokenStartIndex + offset;
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    open.Push(start);
                }
                else
                {
                    var from = reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray ? open.Pop() : start;
                    var isName = reader.TokenType == JsonTokenType.PropertyName;
                    var length = reader.ValueSpan.Length + (reader.TokenType == JsonTokenType.String || isName ? 2 : 0);
                    var end = from == start ? start + length : (int)reader.BytesConsumed + offset;
                    places.Add(new Place(from, end, isName));
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>Makes new bodies out of seeds: values exchanged between bodies, members doubled, bytes damaged. One number decides everything.</summary>
internal sealed class Mutation(IReadOnlyList<Seed> seeds)
{
    private static readonly byte[][] s_tokens = [.. new[]
    {
        "\"", "\\", "\\u0000", "\\ud83d", "\\ude00", "\\ud83d\\ude00", "{", "}", "[", "]", ",", ":", "null", "true", "false", "0", "-0", "1e999", "1e-999", "9007199254740993",
        "\"\"", "{}", "[]", "\uFEFF", "\r", "\n", "\r\n", "\n\n", "data:", "data: [DONE]\n\n", "event: error\n", "event: ", ": comment\n", "id: 1\n", "retry: 1\n",
        "\"type\":\"text\",", "\"role\":\"user\",", "\"content\":\"planted\",", "\"text\":\"planted\",", "\"\\u0063ontent\":\"planted\",", "\"Content\":\"planted\",",
        "\"model\":\"other\",", "\"stream\":true,", "\"stream\":\"true\",", "\"error\":{\"message\":\"planted\"},", "\"index\":7,", "\"index\":-1,", "\u017F", "\u212A", "\u0000", "é", "日本", "😀",
        "[[[[[[[[[[[[[[[[", "]]]]]]]]]]]]]]]]", "{\"a\":{\"a\":{\"a\":{\"a\":", "\"planted\\", "\\\"", "\\\\u0061", "1E400", "0x1", "NaN", " ", "\t",
    }.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The body that belongs to <paramref name="number"/>.</summary>
    public byte[] Make(ulong number)
    {
        var random = new SplitMix(number);
        var seed = seeds[random.Below(seeds.Count)];
        var body = seed.Places.Length > 0 && random.Below(8) > 0 ? Exchange(seed, ref random) : [.. seed.Bytes];
        if (random.Below(2) == 0)
        {
            for (var i = random.Below(3); i >= 0; i--)
            {
                Damage(ref body, ref random);
            }
        }

        return body;
    }

    /// <summary>Replaces up to three values by others, or doubles them, so that the result is mostly well-formed.</summary>
    private byte[] Exchange(Seed seed, ref SplitMix random)
    {
        var output = new List<byte>(seed.Bytes.Length * 2);
        var edits = new List<Place>();
        for (var i = random.Below(3); i >= 0; i--)
        {
            var place = seed.Places[random.Below(seed.Places.Length)];
            if (place.End - place.Start < seed.Bytes.Length && edits.TrueForAll(other => place.End <= other.Start || place.Start >= other.End))
            {
                edits.Add(place);
            }
        }

        var copied = 0;
        foreach (var place in edits.OrderBy(place => place.Start))
        {
            output.AddRange(seed.Bytes.AsSpan(copied, place.Start - copied));
            Write(output, seed, place, ref random);
            copied = place.End;
        }

        output.AddRange(seed.Bytes.AsSpan(copied));
        return [.. output];
    }

    private void Write(List<byte> output, Seed seed, Place place, ref SplitMix random)
    {
        var original = seed.Bytes.AsSpan(place.Start, place.End - place.Start);
        var choice = random.Below(8);
        if (choice < 4 && Other(place.IsName, ref random) is { IsEmpty: false } other)
        {
            output.AddRange(other);
        }
        else if (choice == 4 && !place.IsName)
        {
            output.AddRange(s_tokens[random.Below(s_tokens.Length)]);
        }
        else if (choice == 5 && original.Length > 2 && original[0] == '"')
        {
            WriteEscaped(output, original, ref random);
        }
        else if (choice == 6 && place.IsName)
        {
            output.AddRange(original);
            output.AddRange(":\"planted\","u8);
            output.AddRange(original);
        }
        else if (choice == 7 && !place.IsName)
        {
            output.AddRange("["u8);
            output.AddRange(original);
            output.AddRange("]"u8);
        }
        else
        {
            output.AddRange(original);
        }
    }

    private ReadOnlySpan<byte> Other(bool isName, ref SplitMix random)
    {
        var seed = seeds[random.Below(seeds.Count)];
        if (seed.Places.Length == 0)
        {
            return default;
        }

        var place = seed.Places[random.Below(seed.Places.Length)];
        return place.IsName == isName && place.End - place.Start < 2000 ? seed.Bytes.AsSpan(place.Start, place.End - place.Start) : default;
    }

    // One unit written as an escape, which changes no meaning, or its case changed, which does.
    private static void WriteEscaped(List<byte> output, ReadOnlySpan<byte> token, ref SplitMix random)
    {
        var at = 1 + random.Below(token.Length - 2);
        var isPlain = char.IsAsciiLetterOrDigit((char)token[at]) && token[at - 1] != '\\' && !token[..at].EndsWith("\\u"u8);
        if (!isPlain || token[Math.Max(0, at - 6)..at].Contains((byte)'\\'))
        {
            output.AddRange(token);
            return;
        }

        output.AddRange(token[..at]);
        if (random.Below(2) == 0)
        {
            output.AddRange(Encoding.ASCII.GetBytes($"\\u{(int)token[at]:x4}"));
        }
        else
        {
            output.Add((byte)(token[at] ^ 0x20));
        }

        output.AddRange(token[(at + 1)..]);
    }

    private static void Damage(ref byte[] body, ref SplitMix random)
    {
        var at = random.Below(body.Length + 1);
        switch (random.Below(6))
        {
            case 0 when at < body.Length:
                body[at] ^= (byte)(1 << random.Below(8));
                break;
            case 1 when at < body.Length:
                body[at] = (byte)random.Below(256);
                break;
            case 2:
                body = [.. body[..at], .. body[Math.Min(body.Length, at + 1 + random.Below(8))..]];
                break;
            case 3:
                body = [.. body[..at], .. body[at..Math.Min(body.Length, at + 1 + random.Below(64))], .. body[at..]];
                break;
            case 4:
                body = body[..at];
                break;
            default:
                body = [.. body[..at], .. s_tokens[random.Below(s_tokens.Length)], .. body[at..]];
                break;
        }
    }
}

/// <summary>A small generator: G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.</summary>
internal struct SplitMix(ulong state)
{
    private ulong _state = state;

    /// <summary>A number from 0 up to, not including, <paramref name="bound"/>.</summary>
    public int Below(int bound)
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)(((mixed ^ (mixed >> 31)) >> 33) % (ulong)bound);
    }
}
