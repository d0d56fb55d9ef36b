using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Policies.Overrides;

namespace Gateway.Core.Guards;

/// <summary>
/// Emergency overrides over an answer: calls of tools that are stopped, and third-party content that the provider fetched by itself. A whole body is
/// judged at once; of a stream each piece as it comes, and each call once more when it is whole. One per answer.
/// </summary>
public sealed class AnswerOverrides(EmergencyRules rules, Action<Finding> report)
{
    private bool _hasThirdParty;

    /// <summary>Judges a whole body.</summary>
    public static void Judge(MessageContent content, EmergencyRules rules, Action<Finding> report)
    {
        if (rules.Tools.IsEmpty && rules.ThirdParty.IsEmpty)
        {
            return;
        }

        var overrides = new AnswerOverrides(rules, report);
        foreach (var call in content.ToolCalls)
        {
            overrides.Call(call.Name, call.Arguments, call.ProviderSide);
        }

        foreach (ref readonly var segment in content.Segments)
        {
            overrides.Text(segment.Surface, segment.Trust, segment.TextLength);
        }
    }

    /// <summary>Judges a piece of text.</summary>
    public void Text(Surface surface, Trust trust, int length)
    {
        if (trust != Trust.ThirdParty || length == 0 || _hasThirdParty || rules.ThirdParty.IsEmpty)
        {
            return;
        }

        _hasThirdParty = true;
        foreach (var id in rules.ThirdParty)
        {
            report(OverrideFindings.ThirdParty(id, surface, path: null));
        }
    }

    /// <summary>Judges a call; without <paramref name="arguments"/>, by its name alone.</summary>
    public void Call(string name, string? arguments, bool providerSide)
    {
        foreach (var rule in rules.Tools)
        {
            if (rule.StopsCall(name, arguments, providerSide))
            {
                report(OverrideFindings.Called(rule));
            }
        }
    }
}
