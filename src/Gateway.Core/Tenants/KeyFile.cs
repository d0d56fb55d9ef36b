using System.Collections.Immutable;
using System.Text.Json;

namespace Gateway.Core.Tenants;

/// <summary>The key file cannot be read or written; the message says which file and why, and is fit for an operator.</summary>
public sealed class KeyFileException : Exception
{
    /// <summary>With a message for the operator.</summary>
    public KeyFileException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>
/// <c>keys.json</c> in the data folder. Readers see the old or the new file, never half of one: a change is written to a temporary file, flushed to
/// disk and renamed over it. Writers hold <c>keys.json.lock</c>, so that of two at the same time neither loses the other's change. The lock is the
/// operating system's and ends with the process; the lock file itself stays. Not meant for network file systems without locks.
/// </summary>
public sealed class KeyFile
{
    /// <summary>Name of the file in the data folder.</summary>
    public const string FileName = "keys.json";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(20);
    private readonly string _folder;
    private readonly TimeProvider _time;

    /// <summary>The key file of <paramref name="dataFolder"/>; nothing is read or created yet.</summary>
    public KeyFile(string dataFolder, TimeProvider time)
    {
        _folder = System.IO.Path.GetFullPath(dataFolder);
        _time = time;
        Path = System.IO.Path.Combine(_folder, FileName);
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>All keys; none when there is no file.</summary>
    /// <exception cref="KeyFileException">Unreadable or not valid.</exception>
    public ImmutableArray<KeyEntry> Read()
    {
        var bytes = ReadBytes();
        return bytes is null ? [] : Parse(bytes);
    }

    /// <summary>Applies <paramref name="change"/> to what the file holds now and writes the result.</summary>
    /// <exception cref="KeyFileException">Unreadable, not valid, not writable, or another writer held the lock for 10 seconds.</exception>
    public async Task UpdateAsync(Func<ImmutableArray<KeyEntry>, ImmutableArray<KeyEntry>> change, CancellationToken cancellationToken)
    {
        try
        {
            CreateFolder();
            await using var heldLock = await LockAsync(cancellationToken);
            Write(change(Read()));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"{Path} cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>The file's bytes, or null when there is none.</summary>
    /// <exception cref="KeyFileException">Unreadable.</exception>
    internal byte[]? ReadBytes()
    {
        try
        {
            return File.ReadAllBytes(Path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"{Path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a key document and checks every entry.</summary>
    /// <exception cref="KeyFileException">Not valid.</exception>
    internal ImmutableArray<KeyEntry> Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var document = JsonSerializer.Deserialize(bytes, KeyJson.Default.KeyDocument)
                ?? throw new KeyFileException($"{Path} holds null instead of a key document.");
            KeyDocumentRules.Check(Path, document);
            return [.. document.Keys];
        }
        catch (JsonException exception)
        {
            throw new KeyFileException($"{Path} is not a valid key document: {exception.Message}", exception);
        }
    }

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_folder);
        }
        else
        {
            Directory.CreateDirectory(_folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(Path + ".lock", Options(FileMode.OpenOrCreate, FileShare.None));
            }
            catch (IOException exception) when (exception is not (FileNotFoundException or DirectoryNotFoundException))
            {
                if (_time.GetElapsedTime(began) > LockTimeout)
                {
                    throw new KeyFileException($"{Path}.lock is held by another process for more than {LockTimeout.TotalSeconds} seconds.", exception);
                }

                await Task.Delay(LockRetry, _time, cancellationToken);
            }
        }
    }

    private void Write(ImmutableArray<KeyEntry> keys)
    {
        var temporary = $"{Path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, Options(FileMode.CreateNew, FileShare.None)))
            {
                JsonSerializer.Serialize(stream, new KeyDocument(KeyDocumentRules.Version, keys), KeyJson.Default.KeyDocument);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, Path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static FileStreamOptions Options(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }
}
