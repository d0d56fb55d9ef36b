using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Gateway.Tests.Clients;

/// <summary>The .NET clients of the shared scenario list and what its tests have in common. The npm half is tests/clients.</summary>
internal static partial class ClientScenarios
{
    /// <summary>No scenario may take longer; the SDKs' own retries and the provider's time-out fit in.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>A PNG of one pixel.</summary>
    public static readonly BinaryData Pixel = BinaryData.FromBytes(Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="));

    /// <summary>The client side of a read that ended, well or badly.</summary>
    public sealed record Read(string Text, Exception? Failure);

    public static async Task<Read> ReadAsync(IAsyncEnumerable<string> pieces)
    {
        var text = new StringBuilder();
        try
        {
            await foreach (var piece in pieces)
                text.Append(piece);
            return new Read(text.ToString(), null);
        }
        catch (Exception failure)
        {
            return new Read(text.ToString(), failure);
        }
    }

    /// <summary>The call must fail with exactly the exception type that the SDK has for the status, and be sent once.</summary>
    public static async Task<Exception> RefusedAsync(IScenarioClient client, int status, Ask ask)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var sent = new SentRequests();
        var failure = await Assert.ThrowsAsync(client.ExceptionFor(status), () => client.AskAsync(ask, limit.Token));
        Assert.Equal(status, client.StatusOf(failure));
        Assert.Equal(1, sent.Count);
        return failure;
    }

    /// <summary>A developer must be able to ask a responder about the decision: its id stands in the exception's text.</summary>
    public static void NamesDecision(string text) => Assert.Matches(DecisionPattern(), text);

    [GeneratedRegex(@"decision [A-Za-z0-9_\-]{8,}")]
    private static partial Regex DecisionPattern();
}
