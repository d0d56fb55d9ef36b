using Gateway.Core.Decisions;

namespace Gateway.Core.Policies.Versions;

/// <summary>
/// What completed on one side of a canary. Stopped: blocked, cut, limited, and refused after the policy was chosen (a candidate that attaches no policy to a tenant
/// refuses all its exchanges). Failed: by the gateway's or the provider's fault (a candidate may send to another model). What the client cancelled is neither.
/// </summary>
public sealed class CanarySide
{
    // Upper bounds of the histogram: 20 microseconds, each a quarter more than the last, up to about 20 s. A percentile is known to within that quarter.
    private const double First = 0.02;
    private const double Growth = 1.25;
    private const int Buckets = 64;

    private readonly long[] _latency = new long[Buckets];
    private long _exchanges;
    private long _stopped;
    private long _failed;

    /// <summary>Exchanges that completed.</summary>
    public long Exchanges => Interlocked.Read(ref _exchanges);

    /// <summary>Those that were stopped.</summary>
    public long Stopped => Interlocked.Read(ref _stopped);

    /// <summary>Those that failed.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Share of those that were stopped, 0 to 1.</summary>
    public double BlockRate => Share(Stopped);

    /// <summary>Share of those that failed, 0 to 1.</summary>
    public double ErrorRate => Share(Failed);

    /// <summary>Milliseconds that the gateway added to exchanges that went through whole, at the 95th percentile; 0 when none did.</summary>
    public double AddedMsP95
    {
        get
        {
            var counts = Array.ConvertAll(_latency, static count => count);
            var rank = (long)Math.Ceiling(counts.Sum() * 0.95);
            long seen = 0;
            for (var i = 0; i < counts.Length && rank > 0; i++)
            {
                seen += counts[i];
                if (seen >= rank)
                {
                    return First * Math.Pow(Growth, i);
                }
            }

            return 0;
        }
    }

    /// <summary>Counts a completed exchange: two interlocked additions.</summary>
    public void Count(DecisionRecord record)
    {
        Interlocked.Increment(ref _exchanges);
        switch (record.Outcome)
        {
            case Outcome.Allowed:
                Interlocked.Increment(ref _latency[BucketOf(record.DurationMs - (record.UpstreamMs ?? 0))]);
                break;
            case Outcome.Blocked or Outcome.Cut or Outcome.Limited or Outcome.Refused:
                Interlocked.Increment(ref _stopped);
                break;
            case Outcome.Failed or Outcome.UpstreamFailed:
                Interlocked.Increment(ref _failed);
                break;
            default:
                break;
        }
    }

    private double Share(long part) => Exchanges is var all and > 0 ? (double)part / all : 0;

    private static int BucketOf(double milliseconds) =>
        milliseconds <= First ? 0 : (int)Math.Clamp(Math.Ceiling(Math.Log(milliseconds / First, Growth)), 0, Buckets - 1);
}
