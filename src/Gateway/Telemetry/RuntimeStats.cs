using Prometheus;

namespace Gateway.Telemetry;

/// <summary>
/// Process and runtime figures, read before each scrape. Names follow the OpenTelemetry conventions for .NET as the OpenTelemetry exporter
/// writes them, save one that promtool would not take (a gauge that ends in <c>_count</c>).
/// </summary>
internal static class RuntimeStats
{
    public static void Register(CollectorRegistry registry)
    {
        DotNetStats.Register(registry);
        var factory = Metrics.WithCustomRegistry(registry);
        var pause = factory.CreateCounter("dotnet_gc_pause_time_seconds_total", "Time the process stood still for garbage collection.");
        var allocated = factory.CreateCounter("dotnet_gc_heap_total_allocated_bytes_total", "Bytes allocated on the managed heap since start.");
        var heap = factory.CreateGauge("dotnet_gc_last_collection_heap_size_bytes", "Managed heap after the last collection.");
        var threads = factory.CreateGauge("dotnet_thread_pool_threads", "Threads of the thread pool.");
        var queue = factory.CreateGauge("dotnet_thread_pool_queue_length", "Work items that wait for a thread.");
        var contentions = factory.CreateCounter("dotnet_monitor_lock_contentions_total", "Times a thread had to wait for a lock.");
        registry.AddBeforeCollectCallback(() =>
        {
            pause.IncTo(GC.GetTotalPauseDuration().TotalSeconds);
            allocated.IncTo(GC.GetTotalAllocatedBytes());
            heap.Set(GC.GetGCMemoryInfo().HeapSizeBytes);
            threads.Set(ThreadPool.ThreadCount);
            queue.Set(ThreadPool.PendingWorkItemCount);
            contentions.IncTo(Monitor.LockContentionCount);
        });
    }
}
