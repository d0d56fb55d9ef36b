using System.Net.Sockets;
using System.Text;

namespace Gateway.Tests.Support;

/// <summary>A client that writes bytes to a socket as it likes.</summary>
public sealed class RawClient : IDisposable
{
    private readonly TcpClient _tcp = new() { NoDelay = true };

    private RawClient()
    {
    }

    public static async Task<RawClient> ConnectAsync(string url)
    {
        var client = new RawClient();
        var address = new Uri(url);
        await client._tcp.ConnectAsync(address.Host, address.Port);
        return client;
    }

    /// <summary>The head of a request for the Chat path; <paramref name="headers"/> are lines of their own.</summary>
    public static string Head(string key, params IEnumerable<string> headers) =>
        $"POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
        + string.Concat(headers.Select(header => header + "\r\n")) + "\r\n";

    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>False: the gateway has closed the connection.</summary>
    public async Task<bool> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _tcp.GetStream().WriteAsync(bytes);
            return true;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Everything until the gateway closes the connection or has sent a whole answer; fails after <paramref name="patience"/>.</summary>
    public async Task<string> ReadAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            while (!IsWhole(text.ToString()) && await _tcp.GetStream().ReadAsync(buffer, limit.Token) is > 0 and var count)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // A reset instead of an end.
        }

        return text.ToString();
    }

    public void Dispose() => _tcp.Dispose();

    private static bool IsWhole(string text)
    {
        var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        const string Length = "Content-Length: ";
        var length = text.IndexOf(Length, StringComparison.OrdinalIgnoreCase);
        return head > 0 && length > 0 && length < head
            && text.Length - head - 4 >= int.Parse(text[(length + Length.Length)..text.IndexOf("\r\n", length, StringComparison.Ordinal)]);
    }
}
