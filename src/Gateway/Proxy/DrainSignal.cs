namespace Gateway.Proxy;

/// <summary>Fires when the time that open streams have after SIGTERM is over: what is still open is then ended properly.</summary>
internal sealed class DrainSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    public DrainSignal(IHostApplicationLifetime lifetime, TimeProvider time, GatewayOptions options)
    {
        lifetime.ApplicationStopping.Register(() => Timer = time.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(), _source, TimeSpan.FromSeconds(options.DrainSeconds), Timeout.InfiniteTimeSpan));
    }

    public CancellationToken Token => _source.Token;

    private ITimer? Timer { get; set; }

    public void Dispose()
    {
        Timer?.Dispose();
        _source.Dispose();
    }
}
