using System.Collections.Immutable;
using CsCheck;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Effective;

namespace Gateway.Core.Tests.Policies.Effective;

/// <summary>Settings of documents that must be good.</summary>
internal static class Settings
{
    public static ImmutableArray<PolicySetting> Of(string text) => Of("p", PolicyTestFiles.Document(text));

    public static ImmutableArray<PolicySetting> Of(string policy, params PolicyFile[] files)
    {
        var snapshot = Snapshot(files);
        return EffectiveSettings.Of(snapshot, snapshot.Policies.Single(compiled => compiled.Name == policy));
    }

    public static PolicySnapshot Snapshot(params PolicyFile[] files)
    {
        var compilation = PolicyTestFiles.Compile(files);
        return compilation.Snapshot ?? throw new InvalidOperationException(string.Join('\n', compilation.Errors));
    }

    public static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    /// <summary>Value and source of one setting, as it is shown.</summary>
    public static string Shown(this ImmutableArray<PolicySetting> settings, string path)
    {
        var setting = settings.Single(setting => setting.Path == path);
        return $"{setting.Value} ({setting.Source})";
    }

    public static Dictionary<string, string> Values(this ImmutableArray<PolicySetting> settings) =>
        settings.ToDictionary(setting => setting.Path, setting => setting.Value, StringComparer.Ordinal);
}
