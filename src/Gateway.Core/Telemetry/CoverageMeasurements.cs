using System.Diagnostics.Metrics;
using Gateway.Core.Decisions;
using Gateway.Core.Formats;
using M = Gateway.Core.Telemetry.MetricCatalogue;

namespace Gateway.Core.Telemetry;

/// <summary>The ledger of an exchange, as measurements. Allocates nothing.</summary>
internal sealed class CoverageMeasurements(Meter meter)
{
    private const int BytesPerUnit = sizeof(char);

    private readonly Counter<long> _bytes = meter.Counter(M.CoverageBytes);
    private readonly Counter<long> _gaps = meter.Counter(M.CoverageGapExchanges);

    public void Record(FormatId format, DecisionRecord record)
    {
        Record(format, record, TrafficDirection.Request);
        Record(format, record, TrafficDirection.Response);
    }

    public void Bytes(TrafficDirection direction, CoverageState state, long bytes) =>
        _bytes.Add(bytes, M.CoverageBytes.Tag(0, TelemetryTerms.Of(direction)), M.CoverageBytes.Tag(1, TelemetryTerms.Of(state)));

    public void Gap(FormatId format, TrafficDirection direction) =>
        _gaps.Add(1, M.CoverageGapExchanges.Tag(0, TelemetryNames.Of(format)), M.CoverageGapExchanges.Tag(1, TelemetryTerms.Of(direction)));

    // Of several guards the one that missed most stands for the direction: text counts as inspected when all have seen it.
    private void Record(FormatId format, DecisionRecord record, TrafficDirection direction)
    {
        LedgerLine? worst = null;
        for (var i = 0; i < record.Ledger.Count; i++)
        {
            var line = record.Ledger[i];
            if (line.Direction == direction && (worst is null || line.Missing > worst.Missing))
            {
                worst = line;
            }
        }

        if (worst is null)
        {
            return;
        }

        Bytes(direction, CoverageState.Delivered, worst.Delivered * BytesPerUnit);
        Bytes(direction, CoverageState.Inspected, worst.Inspected * BytesPerUnit);
        Bytes(direction, CoverageState.Exempt, worst.Exempt * BytesPerUnit);
        if (worst.Missing > 0)
        {
            Gap(format, direction);
        }
    }
}
