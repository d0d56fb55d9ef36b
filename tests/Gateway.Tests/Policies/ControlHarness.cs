using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;
using Gateway.Core.Policies.Versions;
using Gateway.Core.Telemetry;
using Gateway.Policies;
using Gateway.Storage;
using Gateway.Tests.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Policies;

/// <summary>A control store on a real file, a clock that stands still, and instances that share them: each is one gateway of a fleet, or the same one later.</summary>
internal sealed class ControlHarness : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    public static readonly ChangeContext Ann = new("ann", "because", ChangeSource.Api);
    private readonly BridgeFixture _bridge = new();
    private readonly List<IDisposable> _opened = [];

    public ControlHarness()
    {
        Folder = Directory.CreateTempSubdirectory("control-").FullName;
        Database = OpenDatabase();
        Control = Instance(Database, Policies);
    }

    public string Folder { get; }

    public FakeTimeProvider Time { get; } = new(Noon);

    public ControlDatabase Database { get; }

    public PolicyStore Policies { get; } = new();

    public PolicyControl Control { get; }

    public GatewayMetrics Metrics => _bridge.Metrics;

    public LogLines Lines { get; } = new();

    public PolicyLog Log => new(Lines);

    public static PolicyFile Document(string model, string name = "a.yaml", string tenant = "acme") =>
        new(name, Encoding.UTF8.GetBytes($"policy: {name[..1]}\ntenants: [{tenant}]\nmodels: {{ allow: [{model}] }}\n"));

    public static PolicyOverride Override(string id = "ov_1", int minutes = 60) => new()
    {
        Id = id,
        Measure = new OverrideMeasure { Kind = OverrideKind.Block },
        Reason = "an attack",
        Author = "ann",
        CreatedAt = Noon,
        ExpiresAt = Noon.AddMinutes(minutes),
    };

    public static Canary Canary(long version = 2, int percent = 50) => new(version, percent, [], new CanaryLimits(), default, "", "");

    public ControlDatabase OpenDatabase()
    {
        var database = new ControlDatabase(Folder, Time, NullLogger<ControlDatabase>.Instance);
        _opened.Add(database);
        return database;
    }

    public PolicyControl Instance(IControlStore store, PolicyStore policies)
    {
        var control = new PolicyControl(store, policies, Time, _bridge.Metrics, Log);
        _opened.Add(control);
        return control;
    }

    public async Task<ChangeResult> ApplyAsync(params PolicyFile[] documents) => await Control.ApplyAsync(documents, Ann, null, default);

    public async Task<string[]> SamplesAsync(string metric) => [.. (await _bridge.SamplesAsync()).Where(line => line.StartsWith(metric, StringComparison.Ordinal))];

    /// <summary>A version as a store holds it, good or not.</summary>
    public static StoredVersion Stored(long number, long? parent, params PolicyFile[] documents) => new(
        new VersionInfo(number, PolicyDocuments.Hash(documents), parent, "ann", "because", Noon, ChangeSource.Api), documents);

    /// <summary>A state that has <paramref name="version"/> active.</summary>
    public static ControlState State(long revision, StoredVersion version, params ImmutableArray<PolicyOverride> overrides) => new()
    {
        Revision = revision,
        Version = version.Info.Number,
        Hash = version.Info.Hash,
        Overrides = overrides,
        ChangedAt = Noon,
        ChangedBy = "ann",
    };

    public void Dispose()
    {
        _opened.ForEach(one => one.Dispose());
        _bridge.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>Log events as they were written: number and text.</summary>
internal sealed class LogLines : ILogger<PolicyLog>
{
    private readonly List<(int Event, string Text)> _lines = [];

    public IEnumerable<string> Of(int number) => _lines.Where(line => line.Event == number).Select(line => line.Text);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Add((eventId.Id, formatter(state, exception)));
}

/// <summary>A store that can be made to fail.</summary>
internal sealed class FailingStore(IControlStore inner) : IControlStore
{
    public bool Fails { get; set; }

    /// <summary>Called before each commit: another instance's chance to come first.</summary>
    public Func<Task> BeforeCommit { get; set; } = () => Task.CompletedTask;

    public ValueTask<ControlState> ReadAsync(CancellationToken cancellationToken) => Check().ReadAsync(cancellationToken);

    public ValueTask<StoredVersion?> FindAsync(long number, CancellationToken cancellationToken) => Check().FindAsync(number, cancellationToken);

    public ValueTask<IReadOnlyList<VersionInfo>> ListAsync(int limit, long? before, CancellationToken cancellationToken) =>
        Check().ListAsync(limit, before, cancellationToken);

    public async ValueTask<bool> TryCommitAsync(ControlState next, StoredVersion? added, CancellationToken cancellationToken)
    {
        await BeforeCommit();
        return await Check().TryCommitAsync(next, added, cancellationToken);
    }

    private IControlStore Check() => Fails ? throw new ControlStoreException("The store is away.") : inner;
}
