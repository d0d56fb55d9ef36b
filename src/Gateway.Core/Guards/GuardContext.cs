using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Policies;

namespace Gateway.Core.Guards;

/// <summary>What request guards see of an exchange, and where they report.</summary>
public sealed class GuardContext(string decisionId, ExchangeRequest request, TenantPolicy policy, string model)
{
    private GuardTexts? _texts;

    /// <summary>The decision id of the exchange.</summary>
    public string DecisionId { get; } = decisionId;

    /// <summary>The request as it will be sent.</summary>
    public ExchangeRequest Request { get; private set; } = request;

    /// <summary>Reads a body that a guard has changed; null where it is refused.</summary>
    public Func<ReadOnlyMemory<byte>, ExchangeRequest?>? Reader { get; init; }

    /// <summary>The policy of the exchange; the same object from start to end.</summary>
    public TenantPolicy Policy { get; } = policy;

    /// <summary>The model after aliases: the one that would be sent.</summary>
    public string Model { get; } = model;

    /// <summary>
    /// The texts of the request, for the guard that runs now. A guard reads them here: what it reads elsewhere counts as not seen.
    /// </summary>
    public GuardTexts Texts => _texts ??= new GuardTexts(Request.Content);

    /// <summary>What each guard was given and gave a verdict on.</summary>
    public List<(GuardId Guard, TextCounts Texts)> Inspected { get; } = [];

    /// <summary>All findings so far.</summary>
    public List<Finding> Findings { get; } = [];

    /// <summary>All guards so far.</summary>
    public List<GuardRun> Runs { get; } = [];

    /// <summary>The first finding that stops the exchange.</summary>
    public Finding? Block { get; private set; }

    /// <summary>True when a guard could not give a verdict and the policy stops the exchange for it.</summary>
    public GuardId? FailedClosed { get; internal set; }

    /// <summary>
    /// Puts a changed body in the place of the request's; it is read again as strictly as the first. False: it cannot be read, or asks for another model
    /// or another kind of answer than the guards before have judged.
    /// </summary>
    public bool TryRewrite(ReadOnlyMemory<byte> body)
    {
        if (Reader?.Invoke(body) is not { } rewritten)
        {
            return false;
        }

        if (!string.Equals(rewritten.Model, Request.Model, StringComparison.Ordinal) || rewritten.Stream != Request.Stream)
        {
            rewritten.Dispose();
            return false;
        }

        Request.Dispose();
        Request = rewritten;
        _texts = null;
        return true;
    }

    /// <summary>The guard that ran is done. Without a verdict it has inspected nothing.</summary>
    internal void Close(GuardId guard, bool hasVerdict)
    {
        if (_texts is { } texts && hasVerdict)
        {
            Inspected.Add((guard, texts.HandedOut));
        }

        _texts = null;
    }

    /// <summary>Adds a finding; the modes of the guard and of the policy have the last word over the rule's, and an override over all.</summary>
    public void Report(Finding finding)
    {
        var mode = Policy.ModeOf(finding.Guard);
        if (mode > finding.Mode && finding.Override is null)
        {
            finding = finding with { Mode = mode };
        }

        Findings.Add(finding);
        if (finding.Blocks)
        {
            Block ??= finding;
        }
    }
}

/// <summary>A guard over requests. Stateless; one instance serves all exchanges.</summary>
public interface IRequestGuard
{
    /// <summary>Which guard this is.</summary>
    GuardId Id { get; }

    /// <summary>Whether <paramref name="policy"/> asks this guard anything. One that it asks nothing is not even mentioned in the record.</summary>
    bool IsNeeded(TenantPolicy policy) => true;

    /// <summary>
    /// Reads the request and reports findings. Guards that only compute complete at once; a guard that waits observes
    /// <paramref name="cancellationToken"/>, which fires when its time is up.
    /// </summary>
    ValueTask EvaluateAsync(GuardContext context, CancellationToken cancellationToken);
}
