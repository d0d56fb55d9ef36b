using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Gateway.Core.Formats;
using Gateway.Core.Telemetry;
using Gateway.Core.Tenants;

namespace Gateway.Core.Policies.Overrides;

/// <summary>Checks the lists of a scope: a name that no exchange can have would be a measure that does nothing.</summary>
internal static class ScopeCheck
{
    /// <summary>Most names in one list.</summary>
    public const int MostNames = 100;

    /// <summary>Longest name, in UTF-16 units: that of a fine-tuned model.</summary>
    public const int MostCharacters = 256;

    // The first 128 bits of an HMAC, as records show them.
    private const int HashDigits = 32;

    private static readonly FrozenSet<string> s_formats = Enum.GetValues<FormatId>().Select(TelemetryNames.Of).ToFrozenSet(StringComparer.Ordinal);

    public static void Run(OverrideScope scope, OverrideErrors errors)
    {
        Check(scope.Tenants, "scope.tenants", name => TenantName.IsValid(name) ? null : $"is no name of a tenant; it is {TenantName.Rule}", errors);
        Check(scope.Applications, "scope.applications", name => TenantName.IsValid(name) ? null : $"is no name of an application; it is {TenantName.Rule}", errors);
        Check(scope.Keys, "scope.keys", Key, errors);
        Check(scope.EndUsers, "scope.endUsers", EndUser, errors);
        Check(scope.Models, "scope.models", NamePattern, errors);
        Check(scope.Formats, "scope.formats", name => s_formats.Contains(name) ? null : "is no wire format; write one of " + string.Join(", ", s_formats.Order(StringComparer.Ordinal)), errors);
    }

    /// <summary>What is wrong with a name that may end in <c>*</c>; null: nothing.</summary>
    public static string? NamePattern(string name) => Unreadable(name)
        ?? (name == "*" ? "stands for everything; leave it out for that" : null)
        ?? (name.AsSpan(0, name.Length - 1).Contains('*') ? "has a * that is not its last character" : null);

    private static void Check(ImmutableArray<string> names, string member, Func<string, string?> problem, OverrideErrors errors)
    {
        if (names.IsDefaultOrEmpty)
        {
            return;
        }

        errors.AddIf(names.Length > MostNames, member, string.Create(CultureInfo.InvariantCulture, $"has {names.Length} names; at most {MostNames} are possible"));
        foreach (var name in names.Take(MostNames))
        {
            var wrong = name is null ? "is missing" : name.Length == 0 ? "is empty" : problem(name);
            errors.AddIf(wrong is not null, member, $"{Shown.Text(name ?? "")} {wrong}");
        }
    }

    private static string? Key(string name) => Unreadable(name) ?? (name.Contains(' ', StringComparison.Ordinal) ? "is no id of a key" : null);

    private static string? EndUser(string name) => name.Length == HashDigits && name.All(char.IsAsciiHexDigitLower)
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"is no hash of an end user; it is the {HashDigits} hexadecimal digits, in lower case, that decision records show");

    private static string? Unreadable(string name) =>
        name.Length == 0 ? "is empty"
        : name.Length > MostCharacters ? string.Create(CultureInfo.InvariantCulture, $"is longer than {MostCharacters} characters")
        : name.Any(character => char.IsControl(character) || char.IsSurrogate(character) || Shown.IsInvisible(character)) ? "has characters that nobody can see"
        : name != name.Trim() ? "begins or ends with white space"
        : null;
}
