using System.Collections.Concurrent;

namespace Gateway.Tests.Clients;

/// <summary>What the scripted provider saw of one model name; each scenario uses a model name of its own.</summary>
public sealed class ProviderSighting
{
    private readonly TaskCompletionSource<DateTimeOffset> _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _requests;

    /// <summary>Requests that arrived, retries included.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>The credentials that arrived: the gateway's, never the client's.</summary>
    public ConcurrentQueue<string> Credentials { get; } = [];

    /// <summary>Completes with the moment at which the caller closed the connection before the answer was whole.</summary>
    public Task<DateTimeOffset> Left => _left.Task;

    public void Arrived(string credentials)
    {
        Credentials.Enqueue(credentials);
        Interlocked.Increment(ref _requests);
    }

    public void CallerLeft() => _left.TrySetResult(TimeProvider.System.GetUtcNow());
}
