using System.Globalization;
using Gateway.Core.Decisions;
using Gateway.Core.Tenants;
using Gateway.Storage;

namespace Gateway.Management;

/// <summary>
/// Reads a <see cref="DecisionQuery"/> from a query string, strictly: a mistyped parameter that is passed over would answer another question than the one
/// asked, during an incident at that. All mistakes are reported together.
/// </summary>
internal sealed class DecisionQueryReader
{
    private static readonly string[] TimeFormats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);
    private DecisionQuery _query = new();

    /// <summary>What was wrong, by parameter.</summary>
    public IDictionary<string, string[]> Errors => _errors;

    /// <summary>Reads <paramref name="parameters"/>. Null: see <see cref="Errors"/>.</summary>
    public DecisionQuery? Read(IQueryCollection parameters)
    {
        foreach (var (name, values) in parameters)
        {
            if (values is not [{ Length: > 0 } value])
            {
                Refuse(name, "must stand once, with a value.");
            }
            else if (Set(name, value) is { } error)
            {
                Refuse(name, error);
            }
        }

        if (_errors.Count == 0 && _query.From >= _query.To)
        {
            Refuse("from", "must be earlier than to.");
        }

        return _errors.Count == 0 ? _query : null;
    }

    private string? Set(string name, string value)
    {
        switch (name)
        {
            case "tenant":
                _query = _query with { Tenant = value };
                return TenantName.IsValid(value) ? null : $"must be {TenantName.Rule}.";
            case "outcome":
                var known = OutcomeWords.TryParse(value, out var outcome);
                _query = _query with { Outcome = outcome };
                return known ? null : $"must be one of {string.Join(", ", OutcomeWords.All)}.";
            case "from":
                _query = _query with { From = Time(value, out var fromError) };
                return fromError;
            case "to":
                _query = _query with { To = Time(value, out var toError) };
                return toError;
            case "limit":
                var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit);
                _query = _query with { Limit = limit };
                return isNumber && limit is >= 1 and <= DecisionReader.MaxLimit ? null : $"must be 1 to {DecisionReader.MaxLimit}.";
            case "before":
                _query = _query with { Before = value };
                return Guid.TryParseExact(value, "D", out _) ? null : "must be the id of a decision, as given by next.";
            default:
                return "is not known; there are tenant, outcome, from, to, limit and before.";
        }
    }

    private static DateTimeOffset Time(string value, out string? error)
    {
        var good = DateTimeOffset.TryParseExact(
            value, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time);
        error = good ? null : "must be a date or time like 2026-05-01 or 2026-05-01T12:00:00Z (write + as %2B).";
        return time;
    }

    private void Refuse(string name, string error) => _errors[name] = [error];
}
