using Gateway.Core.Decisions;
using Gateway.Core.Telemetry;

namespace Gateway.Storage;

/// <summary>Registers the decision store.</summary>
public static class StorageServiceCollectionExtensions
{
    /// <summary>
    /// Adds the store, its sink, its reader and its retention; needs a <see cref="TimeProvider"/>. Hosted services stop in reverse order: call this before whatever still writes records
    /// while it stops.
    /// </summary>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static IServiceCollection AddDecisionStore(this IServiceCollection services, DecisionStoreOptions options)
    {
        Check(options);
        services.AddSingleton(options);
        services.AddSingleton(provider => new DecisionDatabase(options, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new SqliteDecisionStore(
            options,
            provider.GetRequiredService<DecisionDatabase>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<GatewayMetrics>(),
            provider.GetRequiredService<ILogger<SqliteDecisionStore>>()));
        services.AddSingleton<IDecisionSink>(provider => provider.GetRequiredService<SqliteDecisionStore>());
        services.AddSingleton(provider =>
            new DecisionReader(provider.GetRequiredService<DecisionDatabase>(), provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService(provider => provider.GetRequiredService<SqliteDecisionStore>());
        services.AddHostedService<DecisionRetention>();
        return services;
    }

    private static void Check(DecisionStoreOptions options)
    {
        Require(options.QueueCapacity is > 0 and <= 10_000_000, "QueueCapacity must be 1 to 10000000.");
        Require(options.BatchSize is > 0 and <= 100_000, "BatchSize must be 1 to 100000.");
        Require(options.Linger >= TimeSpan.Zero && options.Linger <= TimeSpan.FromSeconds(10), "Linger must be 0 to 10 seconds.");
        Require(options.RetentionAge > TimeSpan.Zero, "RetentionAge must be positive.");
        Require(options.RetentionBytes >= 1024 * 1024, "RetentionBytes must be at least 1 MiB.");
        Require(options.RetentionInterval > TimeSpan.Zero, "RetentionInterval must be positive.");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException($"Decision store: {message}");
        }
    }
}
