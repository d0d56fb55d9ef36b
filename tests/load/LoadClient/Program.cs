// Drives several servers in turns, round by round, and compares what they cost. tests/load/run.sh starts them and this.
using LoadClient;

var settings = Settings.Parse(args);
var scenarios = Scenario.All.Where(scenario => settings.Only.Count == 0 || settings.Only.Contains(scenario.Name)).ToList();

if (await WarmUp.RunAsync(scenarios, settings) is { } failed)
{
    Console.Error.WriteLine(failed);
    return 1;
}

var report = new Report(Console.Out);
foreach (var scenario in scenarios)
{
    report.Add(scenario, await MeasureAsync(scenario, settings));
}

if (settings.JsonFile is { } file)
{
    report.WriteJson(file);
}

return report.Errors == 0 ? 0 : 1;

static async Task<IReadOnlyList<Series>> MeasureAsync(Scenario scenario, Settings settings)
{
    var runners = settings.Targets.Select(target => (target, runner: new Runner(target, scenario), reset: target.Meter.TryResetPeak())).ToList();
    var rounds = settings.Targets.Select(_ => new List<RoundResult>()).ToList();
    for (var round = 0; round < settings.Rounds; round++)
    {
        for (var index = 0; index < runners.Count; index++)
        {
            rounds[index].Add(await runners[index].runner.RunAsync(TimeSpan.FromSeconds(settings.Seconds)));
        }
    }

    runners.ForEach(entry => entry.runner.Dispose());
    return [.. runners.Select((entry, index) => new Series(entry.target, rounds[index], entry.target.Meter.PeakMegabytes(), entry.reset))];
}
