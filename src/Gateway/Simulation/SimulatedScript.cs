using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Gateway.Simulation;

/// <summary>Why an answer ends.</summary>
internal enum SimulatedStop
{
    Finished,
    Length,
    ToolCalls,
}

/// <summary>A tool call of an answer.</summary>
/// <param name="Id">Its number within the request, for the call's id.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">The arguments, a JSON object as text.</param>
internal sealed record SimulatedCall(string Id, string Name, string Arguments);

/// <summary>One answer (one choice).</summary>
/// <param name="Pieces">Its text, cut as a stream sends it; empty for a tool call.</param>
/// <param name="Calls">Its tool calls.</param>
/// <param name="Stop">Why it ends.</param>
/// <param name="Tokens">What it costs.</param>
internal sealed record SimulatedAnswer(ImmutableArray<string> Pieces, ImmutableArray<SimulatedCall> Calls, SimulatedStop Stop, int Tokens)
{
    /// <summary>The whole text.</summary>
    public string Text => string.Concat(Pieces);
}

/// <summary>
/// What the simulated provider answers: a pure function of the request, so that the same request gets the same answer. Tokens are
/// estimated at four UTF-8 bytes each, with four more for each message and three for each request.
/// </summary>
internal static class SimulatedScript
{
    private const int BytesPerToken = 4;
    private const int SayRunesPerPiece = 3;
    private const int EchoRunes = 200;

    /// <summary>The answers to <paramref name="request"/>, one for each choice wanted.</summary>
    public static ImmutableArray<SimulatedAnswer> Answer(SimulatedRequest request, SimulatedModes modes)
    {
        var calls = Calls(request, modes);
        return [.. Enumerable.Range(0, request.Choices).Select(choice => calls.IsEmpty ? TextAnswer(request, modes, choice) : CallAnswer(request, calls, choice))];
    }

    /// <summary>Estimated tokens of the request.</summary>
    public static int InputTokens(SimulatedRequest request) => 3 + (4 * request.Messages) + TokensOf(request.TextBytes);

    private static int TokensOf(int bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;

    private static SimulatedAnswer CallAnswer(SimulatedRequest request, ImmutableArray<(SimulatedTool Tool, string Arguments)> calls, int choice)
    {
        ImmutableArray<SimulatedCall> named =
            [.. calls.Select((call, index) => new SimulatedCall(string.Create(CultureInfo.InvariantCulture, $"{request.Hash[..18]}{choice:D3}{index:D3}"), call.Tool.Name, call.Arguments))];
        var tokens = named.Sum(call => TokensOf(Encoding.UTF8.GetByteCount(call.Name) + Encoding.UTF8.GetByteCount(call.Arguments)));
        return new SimulatedAnswer([], named, SimulatedStop.ToolCalls, tokens);
    }

    private static SimulatedAnswer TextAnswer(SimulatedRequest request, SimulatedModes modes, int choice)
    {
        var pieces = Pieces(request, modes, choice);
        var total = TokensOf(pieces.Sum(Encoding.UTF8.GetByteCount));
        if (request.MaxTokens is not { } limit || total <= limit)
        {
            return new SimulatedAnswer(pieces, [], SimulatedStop.Finished, total);
        }

        var kept = Shorten(pieces, limit * BytesPerToken);
        return new SimulatedAnswer(kept, [], SimulatedStop.Length, TokensOf(kept.Sum(Encoding.UTF8.GetByteCount)));
    }

    private static ImmutableArray<string> Pieces(SimulatedRequest request, SimulatedModes modes, int choice)
    {
        if (modes.Say is { } exact)
        {
            return ByRunes(exact, SayRunesPerPiece);
        }

        if (modes.Words is { } words)
        {
            return [.. Enumerable.Range(1, words).Select(word => string.Create(CultureInfo.InvariantCulture, $"word{word} "))];
        }

        var other = choice == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" (answer {choice + 1})");
        return request.ToolResult is { } result
            ? ByWords($"The tool answered: {FirstRunes(result, EchoRunes)}{other}")
            : ByWords($"You said: {FirstRunes(request.UserText, EchoRunes)} This is the simulated provider; it can help with that.{other}");
    }

    private static ImmutableArray<(SimulatedTool Tool, string Arguments)> Calls(SimulatedRequest request, SimulatedModes modes)
    {
        var choice = request.ToolChoice;
        if (!choice.Allowed || request.Tools.IsEmpty || request.ToolResult is not null)
        {
            return [];
        }

        ImmutableArray<SimulatedTool> wanted = choice.Forced is { } forced
            ? [.. request.Tools.Where(tool => tool.Name == forced)]
            : [.. request.Tools.Where(tool => IndexOfName(modes.Instructions, tool.Name) >= 0)];
        if (wanted.IsEmpty && choice.Required)
        {
            wanted = [request.Tools[0]];
        }

        return [.. wanted.Take(choice.Parallel ? int.MaxValue : 1).Select(tool => (tool, ArgumentsOf(tool, modes.Instructions)))];
    }

    private static string ArgumentsOf(SimulatedTool tool, string instructions)
    {
        var at = IndexOfName(instructions, tool.Name);
        return (at < 0 ? null : SimulatedArguments.TryReadObject(instructions.AsSpan(at + tool.Name.Length)))
            ?? SimulatedArguments.Fit(tool.Schema);
    }

    // A whole word, so that "get" is not called because a text mentions "get_weather".
    private static int IndexOfName(string text, string name)
    {
        for (var at = 0; name.Length > 0 && (at = text.IndexOf(name, at, StringComparison.Ordinal)) >= 0; at++)
        {
            var end = at + name.Length;
            if ((at == 0 || !IsNameCharacter(text[at - 1])) && (end == text.Length || !IsNameCharacter(text[end])))
            {
                return at;
            }
        }

        return -1;
    }

    private static bool IsNameCharacter(char value) => char.IsAsciiLetterOrDigit(value) || value is '_' or '-';

    private static ImmutableArray<string> ByWords(string text)
    {
        var pieces = ImmutableArray.CreateBuilder<string>();
        for (var start = 0; start < text.Length;)
        {
            var space = text.IndexOf(' ', start);
            var end = space < 0 ? text.Length : space + 1;
            pieces.Add(text[start..end]);
            start = end;
        }

        return pieces.ToImmutable();
    }

    private static ImmutableArray<string> ByRunes(string text, int runes) =>
        [.. text.EnumerateRunes().Chunk(runes).Select(chunk => string.Concat(chunk))];

    private static string FirstRunes(string text, int runes) =>
        text.Length <= runes ? text : string.Concat(text.EnumerateRunes().Take(runes));

    private static ImmutableArray<string> Shorten(ImmutableArray<string> pieces, int bytes)
    {
        var kept = ImmutableArray.CreateBuilder<string>();
        foreach (var piece in pieces)
        {
            var fitting = string.Concat(piece.EnumerateRunes().TakeWhile(rune => (bytes -= rune.Utf8SequenceLength) >= 0));
            if (fitting.Length > 0)
            {
                kept.Add(fitting);
            }

            if (bytes <= 0)
            {
                break;
            }
        }

        return kept.ToImmutable();
    }
}
