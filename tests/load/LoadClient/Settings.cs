using System.Globalization;

namespace LoadClient;

/// <summary>The command line.</summary>
/// <param name="Targets">Servers under test; the first is the one the others are compared with.</param>
/// <param name="Rounds">Rounds of each scenario.</param>
/// <param name="Seconds">Length of a round of one target.</param>
/// <param name="WarmUpSeconds">Length of one pass of the warm-up.</param>
/// <param name="WarmUpPasses">Most passes of the warm-up of each scenario and target.</param>
/// <param name="Only">Names of the scenarios to run; empty: all.</param>
/// <param name="JsonFile">Where to write the figures as JSON, or null.</param>
internal sealed record Settings(IReadOnlyList<Target> Targets, int Rounds, double Seconds, double WarmUpSeconds, int WarmUpPasses, IReadOnlyList<string> Only, string? JsonFile)
{
    public const string Usage =
        "LoadClient --target name,url,pid,key [--target ...] [--rounds N] [--seconds S] [--warmup S] [--passes N] [--only name[,name]] [--json FILE]";

    public static Settings Parse(string[] args)
    {
        List<Target> targets = [];
        var settings = new Settings(targets, 3, 4, 1, 12, [], null);
        for (var index = 0; index + 1 < args.Length; index += 2)
        {
            var value = args[index + 1];
            settings = args[index] switch
            {
                "--target" => Add(settings, targets, value),
                "--rounds" => settings with { Rounds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--seconds" => settings with { Seconds = double.Parse(value, CultureInfo.InvariantCulture) },
                "--warmup" => settings with { WarmUpSeconds = double.Parse(value, CultureInfo.InvariantCulture) },
                "--passes" => settings with { WarmUpPasses = int.Parse(value, CultureInfo.InvariantCulture) },
                "--only" => settings with { Only = value.Split(',') },
                "--json" => settings with { JsonFile = value },
                var other => throw new FormatException($"'{other}' is no option. {Usage}"),
            };
        }

        return targets.Count > 0 && args.Length % 2 == 0 ? settings : throw new FormatException(Usage);
    }

    private static Settings Add(Settings settings, List<Target> targets, string text)
    {
        targets.Add(Target.Parse(text));
        return settings;
    }
}
