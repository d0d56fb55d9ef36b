using Gateway.Core.Telemetry;

namespace Gateway.Telemetry;

/// <summary>Maps the values of one label to slots: those of a closed label in declared order, those of a capped one by its table.</summary>
internal sealed class LabelDimension
{
    private readonly string[]? _closed;

    public LabelDimension(MetricLabel label, GatewayMetrics metrics)
    {
        Table = label.Source switch
        {
            LabelSource.Tenant => metrics.Tenants,
            LabelSource.Model => metrics.Models,
            LabelSource.Cluster => metrics.Clusters,
            _ => null,
        };
        _closed = Table is null ? [.. label.Values] : null;
    }

    public LabelTable? Table { get; }

    public int Size => _closed?.Length ?? Table!.Size;

    /// <summary>Slots that are known now.</summary>
    public int Known => _closed?.Length ?? Table!.Names.Length;

    public string Name(int slot) => _closed is null ? Table!.NameOf(slot) : _closed[slot];

    /// <summary>The slot of <paramref name="value"/>, or -1 for a value that a closed label does not declare.</summary>
    public int SlotOf(object? value)
    {
        if (_closed is not { } closed)
        {
            return Table!.SlotOf(value as string);
        }

        // Values are constants of one mapping, so the same value is the same object.
        for (var slot = 0; slot < closed.Length; slot++)
        {
            if (ReferenceEquals(closed[slot], value))
            {
                return slot;
            }
        }

        return Array.IndexOf(closed, value as string);
    }
}
