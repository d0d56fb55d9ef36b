using Gateway.Core.Guards;

namespace Gateway.Core.Telemetry;

/// <summary>Which finding stands for an exchange where there is room for one only.</summary>
internal static class DecisiveFinding
{
    /// <summary>The hardest enforced finding, else the hardest monitored one; null when there is none.</summary>
    public static Finding? Of(IReadOnlyList<Finding> findings)
    {
        Finding? best = null;
        for (var i = 0; i < findings.Count; i++)
        {
            if (best is null || Rank(findings[i]) > Rank(best))
            {
                best = findings[i];
            }
        }

        return best;
    }

    private static int Rank(Finding finding) => (int)finding.Action + (finding.Mode == GuardMode.Enforce ? (int)PolicyAction.Block + 1 : 0);
}
