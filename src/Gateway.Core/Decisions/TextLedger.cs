using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;

namespace Gateway.Core.Decisions;

/// <summary>
/// One line of the ledger of an exchange: the text that went on in one direction, and what one guard saw of it, in UTF-16 units.
/// <c>delivered = inspected + exempt + missing</c>, and missing is 0 unless the gateway has a hole.
/// </summary>
/// <param name="Direction">To the provider or to the client.</param>
/// <param name="Guard">The guard.</param>
/// <param name="Delivered">Text that went on.</param>
/// <param name="Inspected">Of it, what the policy makes the guard read and the guard was given.</param>
/// <param name="Exempt">Of it, what the policy does not make the guard read.</param>
/// <param name="Missing">Of it, what the guard had to read and was not given, or gave no verdict on.</param>
public sealed record LedgerLine(TrafficDirection Direction, GuardId Guard, long Delivered, long Inspected, long Exempt, long Missing);

/// <summary>
/// Double entry for text: on one side what was delivered, counted from the body or frames that went on; on the other what each guard was
/// given, counted where it is handed over. Neither side knows the other. Owned by its exchange, not thread-safe.
/// </summary>
public sealed class TextLedger
{
    private readonly List<(TrafficDirection Direction, GuardId Guard, TextCounts Texts)> _inspected = [];
    private readonly TextCounts?[] _delivered = new TextCounts?[2];

    /// <summary>Units delivered in <paramref name="direction"/>.</summary>
    public long Delivered(TrafficDirection direction) => _delivered[(int)direction]?.Total ?? 0;

    /// <summary>The most units that any guard was given in <paramref name="direction"/>, enforced or not.</summary>
    public long Inspected(TrafficDirection direction)
    {
        var most = 0L;
        foreach (var guard in TextDuties.Guards)
        {
            most = Math.Max(most, Sum(direction, guard)?.Total ?? 0);
        }

        return most;
    }

    /// <summary>Text went on.</summary>
    public void Deliver(TrafficDirection direction, TextCounts texts) => (_delivered[(int)direction] ??= new TextCounts()).Add(texts);

    /// <summary>A guard was given text and said what it found.</summary>
    public void Inspect(TrafficDirection direction, GuardId guard, TextCounts texts) => _inspected.Add((direction, guard, texts));

    /// <summary>The lines of both directions; none for a direction in which nothing was delivered.</summary>
    public IReadOnlyList<LedgerLine> Lines(TenantPolicy? policy)
    {
        var lines = new List<LedgerLine>();
        for (var direction = TrafficDirection.Request; policy is not null && direction <= TrafficDirection.Response; direction++)
        {
            if (_delivered[(int)direction] is { } delivered)
            {
                foreach (var guard in TextDuties.Guards)
                {
                    lines.Add(Line(direction, guard, delivered, policy));
                }
            }
        }

        return lines;
    }

    private LedgerLine Line(TrafficDirection direction, GuardId guard, TextCounts delivered, TenantPolicy policy)
    {
        var given = Sum(direction, guard);
        long inspected = 0, exempt = 0;
        for (var surface = Surface.System; surface <= Surface.Metadata; surface++)
        {
            if (TextDuties.MustRead(policy, guard, surface))
            {
                // Text that was read and withheld makes up for nothing.
                inspected += Math.Min(delivered[surface], given?[surface] ?? 0);
            }
            else
            {
                exempt += delivered[surface];
            }
        }

        return new LedgerLine(direction, guard, delivered.Total, inspected, exempt, delivered.Total - inspected - exempt);
    }

    private TextCounts? Sum(TrafficDirection direction, GuardId guard)
    {
        TextCounts? sum = null;
        foreach (var entry in _inspected)
        {
            if (entry.Direction == direction && entry.Guard == guard)
            {
                if (sum is null)
                {
                    sum = entry.Texts;
                }
                else
                {
                    var both = new TextCounts();
                    both.Add(sum);
                    both.Add(entry.Texts);
                    sum = both;
                }
            }
        }

        return sum;
    }
}
