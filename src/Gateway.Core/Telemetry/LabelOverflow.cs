using System.Diagnostics.Metrics;
using Gateway.Core.Policies;
using M = Gateway.Core.Telemetry.MetricCatalogue;

namespace Gateway.Core.Telemetry;

/// <summary>The capped tables, and the count of what found no place in them.</summary>
internal sealed class LabelOverflow(Meter meter)
{
    // 200 tenants, 50 models and 20 clusters keep an instance below 20,000 series.
    private const int TenantSlots = 200;
    private const int ModelSlots = 50;
    private const int ClusterSlots = 20;

    private readonly Counter<long> _overflow = meter.Counter(M.LabelOverflow);

    public LabelTable Tenants { get; } = new(TenantSlots);

    public LabelTable Models { get; } = new(ModelSlots);

    public LabelTable Clusters { get; } = new(ClusterSlots);

    public string Tenant(string? value) => Counted(Tenants.Admit(value), CappedLabel.Tenant);

    public string Model(string? value) => Counted(Models.Admit(value), CappedLabel.Model);

    public string Cluster(string? value) => Counted(Clusters.Admit(value), CappedLabel.Cluster);

    /// <summary>Reserves the tenants and the exact model names of <paramref name="snapshot"/>; a prefix such as <c>gpt-4o*</c> names no model.</summary>
    public void Reserve(PolicySnapshot snapshot)
    {
        foreach (var tenant in snapshot.NamedTenants.Order(StringComparer.Ordinal))
        {
            Tenants.Reserve(tenant);
        }

        foreach (var models in snapshot.Policies.Select(policy => policy.Models))
        {
            foreach (var model in models.Allow.Where(name => !name.EndsWith('*')).Concat(models.Aliases.Values))
            {
                Models.Reserve(model);
            }
        }
    }

    private string Counted(string value, CappedLabel label)
    {
        if (ReferenceEquals(value, LabelTable.Other))
        {
            _overflow.Add(1, M.LabelOverflow.Tag(0, TelemetryTerms.Of(label)));
        }

        return value;
    }
}
