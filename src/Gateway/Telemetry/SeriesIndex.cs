using System.Collections.Immutable;
using Gateway.Core.Telemetry;

namespace Gateway.Telemetry;

/// <summary>
/// Numbers the label combinations of one metric, so that a measurement finds its series in a flat array. Tags come in declared order, which
/// the metrics' only writer guarantees and a test checks.
/// </summary>
internal sealed class SeriesIndex
{
    private readonly LabelDimension[] _dimensions;

    public SeriesIndex(MetricDefinition metric, GatewayMetrics metrics)
    {
        _dimensions = [.. metric.Labels.Select(label => new LabelDimension(label, metrics))];
        Names = [.. metric.Labels.Select(label => label.Name)];
        Count = _dimensions.Aggregate(1, (count, dimension) => count * dimension.Size);
    }

    /// <summary>The label names.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Number of combinations, known or not.</summary>
    public int Count { get; }

    /// <summary>The number of the combination in <paramref name="tags"/>; -1: not one of this metric's.</summary>
    /// <param name="tags">Tags of a measurement.</param>
    /// <param name="last">Slot of the last label.</param>
    public int Of(ReadOnlySpan<KeyValuePair<string, object?>> tags, out int last)
    {
        last = 0;
        if (tags.Length != _dimensions.Length)
        {
            return -1;
        }

        var index = 0;
        for (var i = 0; i < tags.Length; i++)
        {
            last = _dimensions[i].SlotOf(tags[i].Value);
            if (last < 0)
            {
                return -1;
            }

            index = (index * _dimensions[i].Size) + last;
        }

        return index;
    }

    /// <summary>The label values of combination <paramref name="index"/>.</summary>
    public string[] Values(int index)
    {
        var values = new string[_dimensions.Length];
        for (var i = values.Length - 1; i >= 0; i--)
        {
            (index, var slot) = Math.DivRem(index, _dimensions[i].Size);
            values[i] = _dimensions[i].Name(slot);
        }

        return values;
    }

    /// <summary>All combinations that hold <paramref name="slot"/> of <paramref name="table"/>; with no table: all combinations of closed labels.</summary>
    public IEnumerable<int> Combinations(LabelTable? table, int slot)
    {
        if (!_dimensions.Any(dimension => dimension.Table is not null) != (table is null)
            || (table is not null && !_dimensions.Any(dimension => dimension.Table == table)))
        {
            return [];
        }

        return _dimensions.Aggregate(
            Enumerable.Repeat(0, 1),
            (indexes, dimension) => indexes.SelectMany(index => Slots(dimension, table, slot).Select(next => (index * dimension.Size) + next)));
    }

    private static IEnumerable<int> Slots(LabelDimension dimension, LabelTable? table, int slot) =>
        dimension.Table is not null && dimension.Table == table ? Enumerable.Repeat(slot, 1) : Enumerable.Range(0, dimension.Known);
}
