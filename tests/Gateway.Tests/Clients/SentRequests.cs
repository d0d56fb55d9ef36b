using System.Collections.Concurrent;
using System.Diagnostics;

namespace Gateway.Tests.Clients;

/// <summary>
/// Counts the HTTP requests that a piece of code sends, retries included, without touching the SDK that sends them:
/// .NET's HTTP stack starts one activity for each, below the one that is current here.
/// </summary>
public sealed class SentRequests : IDisposable
{
    private readonly Activity _root = new Activity("scenario").SetIdFormat(ActivityIdFormat.W3C).Start();
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<DateTimeOffset> _sentAt = [];

    public SentRequests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity =>
            {
                if (activity.TraceId == _root.TraceId)
                    _sentAt.Enqueue(TimeProvider.System.GetUtcNow());
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public int Count => _sentAt.Count;

    /// <summary>The time between the first request and the second.</summary>
    public TimeSpan FirstPause => _sentAt.ElementAt(1) - _sentAt.ElementAt(0);

    public void Dispose()
    {
        _listener.Dispose();
        _root.Dispose();
    }
}
