namespace Gateway.Policies;

/// <summary>
/// Wakes the reloader when the file system reports a change. Only a shortcut: on network and overlay file systems, and when a link is swapped,
/// nothing is reported, and the poll finds the change.
/// </summary>
/// <param name="folder">The folder to watch; it may not exist yet.</param>
/// <param name="changed">Called on a thread of the pool.</param>
internal sealed class PolicyFolderWatcher(string folder, Action changed) : IDisposable
{
    private FileSystemWatcher? _watcher;
    private volatile bool _failed;

    /// <summary>Starts to watch if it does not yet, or if watching failed in the meantime.</summary>
    public void Ensure()
    {
        if (_failed || !Directory.Exists(folder))
        {
            _watcher?.Dispose();
            _watcher = null;
            _failed = false;
        }

        if (_watcher is null && Directory.Exists(folder))
        {
            _watcher = TryWatch();
        }
    }

    public void Dispose() => _watcher?.Dispose();

    private FileSystemWatcher? TryWatch()
    {
        try
        {
            var watcher = new FileSystemWatcher(folder) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size };
            watcher.Changed += (_, _) => changed();
            watcher.Created += (_, _) => changed();
            watcher.Deleted += (_, _) => changed();
            watcher.Renamed += (_, _) => changed();
            watcher.Error += (_, _) =>
            {
                _failed = true;
                changed();
            };
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // The system's limit of watches is reached, or the folder went away just now. The poll goes on.
            return null;
        }
    }
}
