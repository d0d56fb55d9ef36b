using System.Globalization;

namespace Gateway.Simulation;

/// <summary>What goes wrong with an answer on its way.</summary>
internal enum SimulatedFault
{
    None,
    Stall,
    StallMidStream,
    Cut,
    Truncated,
    BrokenJson,
    WrongType,
    StreamError,
}

/// <summary>
/// The simulated provider's modes. A mode is chosen by the model's name (<c>gpt-4o-mini-simulate-slow</c>) or by the last user
/// message (<c>simulate: slow</c>); several are joined by <c>+</c> (<c>simulate: slow+cut</c>). An unknown mode is answered with 400.
/// <list type="table">
/// <item><term><c>slow</c></term><description>1 s before the first byte, 200 ms between the events of a stream.</description></item>
/// <item><term><c>slow-N</c></term><description>The same with N milliseconds for both, N up to 600000.</description></item>
/// <item><term><c>stall</c></term><description>Never answers; ends when the client leaves.</description></item>
/// <item><term><c>stall-midstream</c></term><description>Half of the stream, then silence.</description></item>
/// <item><term><c>error-N</c></term><description>Status N with the format's error body: 400, 401, 403, 404, 429 (with <c>retry-after: 1</c>), 500, 503, 529.</description></item>
/// <item><term><c>stream-error</c></term><description>Half of the stream, then the format's error event. Not streamed: <c>error-500</c>.</description></item>
/// <item><term><c>cut</c></term><description>Half of the answer, then the connection breaks.</description></item>
/// <item><term><c>truncated</c></term><description>Half of the answer, then a clean end without a terminator.</description></item>
/// <item><term><c>broken-json</c></term><description>A body, or one event of a stream, whose JSON stops in the middle.</description></item>
/// <item><term><c>wrong-type</c></term><description>Status 200 with an HTML page.</description></item>
/// <item><term><c>long-N</c></term><description>An answer of N words, one event each; N up to 10000.</description></item>
/// </list>
/// Besides, in the last user message: <c>say: TEXT</c> (up to the end of the message) makes the answer exactly TEXT, three characters an
/// event; the name of a declared tool before any <c>say:</c> makes the answer a call of it, with the JSON object that follows the name as its
/// arguments or with arguments made to fit its schema.
/// </summary>
internal sealed record SimulatedModes
{
    private const string ModelMarker = "-simulate-";
    private const string TextMarker = "simulate:";
    private const string SayMarker = "say:";
    private static readonly int[] ErrorStatuses = [400, 401, 403, 404, 429, 500, 503, 529];

    /// <summary>Wait before the first byte.</summary>
    public TimeSpan FirstByteDelay { get; init; }

    /// <summary>Wait between two events of a stream.</summary>
    public TimeSpan EventDelay { get; init; }

    /// <summary>Status to fail with, or null.</summary>
    public int? ErrorStatus { get; init; }

    /// <summary>What goes wrong on the way.</summary>
    public SimulatedFault Fault { get; init; }

    /// <summary>Words of a long answer, or null.</summary>
    public int? Words { get; init; }

    /// <summary>The exact answer wanted, or null.</summary>
    public string? Say { get; init; }

    /// <summary>The last user message up to <c>say:</c>: where modes and tool names are looked for.</summary>
    public string Instructions { get; init; } = "";

    /// <summary>The first word that is no mode, or null.</summary>
    public string? Unknown { get; init; }

    /// <summary>Reads the modes that <paramref name="model"/> and <paramref name="userText"/> ask for.</summary>
    public static SimulatedModes Read(string model, string userText)
    {
        var say = userText.IndexOf(SayMarker, StringComparison.OrdinalIgnoreCase);
        var modes = new SimulatedModes
        {
            Say = say < 0 ? null : userText[(say + SayMarker.Length)..].Trim(),
            Instructions = say < 0 ? userText : userText[..say],
        };
        var inModel = model.IndexOf(ModelMarker, StringComparison.Ordinal);
        if (inModel >= 0)
        {
            modes = modes.WithAll(model.AsSpan(inModel + ModelMarker.Length));
        }

        var inText = modes.Instructions.IndexOf(TextMarker, StringComparison.OrdinalIgnoreCase);
        return inText < 0 ? modes : modes.WithAll(FirstWord(modes.Instructions.AsSpan(inText + TextMarker.Length)));
    }

    private static ReadOnlySpan<char> FirstWord(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        var end = 0;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '+' or '-'))
        {
            end++;
        }

        return text[..end];
    }

    private SimulatedModes WithAll(ReadOnlySpan<char> words)
    {
        var modes = this;
        foreach (var range in words.Split('+'))
        {
            modes = modes.With(words[range].ToString().ToLowerInvariant());
        }

        return modes;
    }

    private SimulatedModes With(string word) => word switch
    {
        "slow" => this with { FirstByteDelay = TimeSpan.FromSeconds(1), EventDelay = TimeSpan.FromMilliseconds(200) },
        "stall" => this with { Fault = SimulatedFault.Stall },
        "stall-midstream" => this with { Fault = SimulatedFault.StallMidStream },
        "cut" => this with { Fault = SimulatedFault.Cut },
        "truncated" => this with { Fault = SimulatedFault.Truncated },
        "broken-json" => this with { Fault = SimulatedFault.BrokenJson },
        "wrong-type" => this with { Fault = SimulatedFault.WrongType },
        "stream-error" => this with { Fault = SimulatedFault.StreamError },
        _ => WithNumber(word),
    };

    private SimulatedModes WithNumber(string word)
    {
        var dash = word.LastIndexOf('-');
        if (dash > 0 && int.TryParse(word.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            switch (word[..dash])
            {
                case "slow" when number <= 600_000:
                    var delay = TimeSpan.FromMilliseconds(number);
                    return this with { FirstByteDelay = delay, EventDelay = delay };
                case "error" when ErrorStatuses.Contains(number):
                    return this with { ErrorStatus = number };
                case "long" when number is > 0 and <= 10_000:
                    return this with { Words = number };
            }
        }

        return this with { Unknown = Unknown ?? word };
    }
}
