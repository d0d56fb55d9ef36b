using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace LoadClient;

/// <summary>One connection's worth of requests, one after the other, with a body of its own so that no two workers share bytes.</summary>
internal sealed class Worker
{
    private static long _next;
    private readonly HttpMessageInvoker _invoker;
    private readonly Scenario _scenario;
    private readonly Uri _address;
    private readonly AuthenticationHeaderValue _credential;
    private readonly byte[] _body;
    private readonly int _markerAt;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly byte[] _tail = new byte[32];

    public Worker(HttpMessageInvoker invoker, Target target, Scenario scenario)
    {
        _invoker = invoker;
        _scenario = scenario;
        _address = new Uri($"{target.Url}/v1/chat/completions");
        _credential = new AuthenticationHeaderValue("Bearer", target.Key);
        _body = [.. scenario.Body];
        _markerAt = _body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Bodies.Marker));
    }

    /// <summary>Ticks from send to the last byte, of requests that went well.</summary>
    public List<long> WholeTimes { get; } = [];

    /// <summary>Ticks from send to the first byte of the body, of requests that went well.</summary>
    public List<long> FirstByteTimes { get; } = [];

    public int Errors { get; private set; }

    public string? FirstError { get; private set; }

    public async Task RunAsync(long end)
    {
        while (Stopwatch.GetTimestamp() < end)
        {
            var number = Interlocked.Increment(ref _next);
            number.TryFormat(_body.AsSpan(_markerAt), out _, "x16", CultureInfo.InvariantCulture);
            try
            {
                if (await SendAsync() is { } fault)
                {
                    Fail(fault);
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
            {
                Fail(fault.Message);
            }

            if (Errors > 100)
            {
                return;
            }
        }
    }

    private async Task<string?> SendAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(_body) };
        request.Headers.Authorization = _credential;
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var start = Stopwatch.GetTimestamp();
        using var response = await _invoker.SendAsync(request, CancellationToken.None);
        await using var stream = await response.Content.ReadAsStreamAsync();
        var read = await stream.ReadAsync(_buffer);
        var first = Stopwatch.GetTimestamp() - start;
        var total = 0;
        for (; read > 0; read = await stream.ReadAsync(_buffer))
        {
            total += read;
            KeepTail(read);
        }

        var whole = Stopwatch.GetTimestamp() - start;
        if (!response.IsSuccessStatusCode)
        {
            return $"status {(int)response.StatusCode}: {Encoding.UTF8.GetString(_tail)}";
        }

        if (total < 500 || (_scenario.IsStream && _tail.AsSpan().IndexOf("data: [DONE]\n\n"u8) < 0))
        {
            return $"incomplete answer of {total} bytes";
        }

        WholeTimes.Add(whole);
        FirstByteTimes.Add(first);
        return null;
    }

    private void KeepTail(int read)
    {
        var kept = Math.Min(read, _tail.Length);
        _tail.AsSpan(kept).CopyTo(_tail);
        _buffer.AsSpan(read - kept, kept).CopyTo(_tail.AsSpan(_tail.Length - kept));
    }

    private void Fail(string error)
    {
        Errors++;
        FirstError ??= error;
    }
}
