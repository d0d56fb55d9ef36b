using Gateway.Core.Policies.Overrides;

namespace Gateway.Core.Telemetry;

/// <summary>Which word of the label <c>kind</c> stands for an override.</summary>
public static class OverrideClasses
{
    /// <summary>The class of <paramref name="item"/>: a kill switch goes by the narrowest thing that it is for.</summary>
    public static OverrideClass Of(PolicyOverride item) => item.Measure.Kind switch
    {
        OverrideKind.Tool => OverrideClass.Tool,
        OverrideKind.Pattern => OverrideClass.Pattern,
        OverrideKind.Host => OverrideClass.Host,
        OverrideKind.Limit => OverrideClass.Threshold,
        OverrideKind.Enforce => OverrideClass.Mode,
        OverrideKind.ThirdParty => OverrideClass.ThirdParty,
        _ when !item.Scope.EndUsers.IsDefaultOrEmpty => OverrideClass.User,
        _ when !item.Scope.Models.IsDefaultOrEmpty => OverrideClass.Model,
        _ => OverrideClass.Tenant,
    };
}
