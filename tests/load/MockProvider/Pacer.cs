using System.Diagnostics;

namespace MockProvider;

/// <summary>
/// Timers of one millisecond. Those of .NET go by a clock that the Linux kernel moves on every 4 ms, which would turn events 2 ms apart into
/// events 4 ms apart.
/// </summary>
internal sealed class Pacer
{
    private readonly object _gate = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();

    public Pacer() => new Thread(Run) { IsBackground = true, Name = "pacer" }.Start();

    /// <summary>Completes at <paramref name="due"/> (a <see cref="Stopwatch"/> timestamp) or up to a millisecond later.</summary>
    public Task WaitUntilAsync(long due)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Enqueue(done, due);
            Monitor.Pulse(_gate);
        }

        return done.Task;
    }

    private void Run()
    {
        lock (_gate)
        {
            while (true)
            {
                if (!_waiting.TryPeek(out var next, out var due))
                {
                    Monitor.Wait(_gate);
                }
                else if (due <= Stopwatch.GetTimestamp())
                {
                    _waiting.Dequeue();
                    next.SetResult();
                }
                else
                {
                    Monitor.Wait(_gate, Math.Max((int)((due - Stopwatch.GetTimestamp()) * 1000 / Stopwatch.Frequency), 1));
                }
            }
        }
    }
}
