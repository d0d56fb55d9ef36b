namespace Gateway.Core.Policies;

/// <summary>The documents of a folder at one moment.</summary>
/// <param name="Files">In ordinal order of their names.</param>
/// <param name="Errors">What could not be read, or must not be; while there is any, the files must not be put into force.</param>
/// <param name="Exists">Whether the folder is there.</param>
public sealed record PolicyFolderContent(IReadOnlyList<PolicyFile> Files, IReadOnlyList<PolicyError> Errors, bool Exists)
{
    /// <summary>Changes whenever a name, a byte or an error changes; times and inode numbers do not matter.</summary>
    public string Fingerprint => $"{Exists}:{PolicyVersion.Digest(Files)}:{string.Join('\n', Errors)}";
}

/// <summary>
/// Reads policy documents: the files <c>*.yaml</c> and <c>*.yml</c> that stand in the folder itself. Names that begin with a dot are left out
/// (editors' temporary files, the directories behind a mounted ConfigMap), and so are the sub-folders <c>tests</c> and <c>examples</c>. A
/// document in any other sub-folder is an error, because its author believes it to be in force.
/// </summary>
/// <param name="path">The folder.</param>
public sealed class PolicyFolder(string path)
{
    /// <summary>Most documents in the folder.</summary>
    public const int MaxFiles = 1_000;

    /// <summary>Most bytes of all documents together: 16 MiB.</summary>
    public const long MaxTotalBytes = 16L * 1024 * 1024;

    private const int LongestName = 255;

    private static readonly string[] FoldersNotRead = ["tests", "examples"];

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>Reads the folder. Never throws for what it finds there: everything wrong is in <see cref="PolicyFolderContent.Errors"/>.</summary>
    public PolicyFolderContent Read()
    {
        if (!Directory.Exists(path))
        {
            return new PolicyFolderContent([], [Error("policies", "the policies folder does not exist; create it, or correct the setting")], Exists: false);
        }

        var errors = new List<PolicyError>();
        try
        {
            var entries = new DirectoryInfo(path).EnumerateFileSystemInfos().Where(entry => !entry.Name.StartsWith('.')).ToList();
            ReportDocumentsInSubfolders(entries, errors);
            var documents = entries.Where(entry => IsDocument(entry) && !IsFolder(entry)).OrderBy(entry => entry.Name, StringComparer.Ordinal).ToList();
            return new PolicyFolderContent(ReadAll(documents, errors), errors, Exists: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new PolicyFolderContent([], [Error("policies", $"the policies folder cannot be read ({exception.GetType().Name}); check its permissions")], Exists: true);
        }
    }

    private List<PolicyFile> ReadAll(List<FileSystemInfo> documents, List<PolicyError> errors)
    {
        var files = new List<PolicyFile>();
        if (documents.Count > MaxFiles)
        {
            errors.Add(Error("policies", $"the policies folder has {documents.Count} documents; at most {MaxFiles} are allowed"));
            return files;
        }

        var root = RealPath.Of(path);
        long total = 0;
        foreach (var document in documents)
        {
            if (ReadOne(root, document, errors) is { } file)
            {
                files.Add(file);
                total += file.Content.Length;
            }

            if (total > MaxTotalBytes)
            {
                errors.Add(Error("policies", $"the documents have more than {MaxTotalBytes} bytes together; remove some"));
                return files;
            }
        }

        return files;
    }

    private static PolicyFile? ReadOne(string? root, FileSystemInfo document, List<PolicyError> errors)
    {
        var name = Shown.Bare(document.Name, LongestName);
        if (name != document.Name || document.Name.Contains(':', StringComparison.Ordinal))
        {
            errors.Add(Error(name, "the file name has characters that could not be shown in a message; rename the file"));
            return null;
        }

        // The target is read by its real path, so what was checked is what is opened.
        if (RealPath.Of(document.FullName) is not { } real || root is null)
        {
            errors.Add(Error(name, "the symbolic link leads nowhere; remove it"));
            return null;
        }

        if (!real.StartsWith(root + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            errors.Add(Error(name, "the symbolic link leaves the policies folder; copy the document into the folder"));
            return null;
        }

        try
        {
            return new PolicyFile(document.Name, Content(real));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.Add(Error(name, $"the document cannot be read ({exception.GetType().Name}); check its permissions"));
            return null;
        }
    }

    // At most one byte more than allowed, whatever the file says about its length: the compiler refuses the document then. A file without
    // length is not opened, since that may be a named pipe, and opening one waits for a writer.
    private static byte[] Content(string file)
    {
        if (new FileInfo(file).Length == 0)
        {
            return [];
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        for (var size = (int)Math.Min(stream.Length, PolicyFile.MaxBytes) + 1; ; size = Math.Min(size * 4, PolicyFile.MaxBytes + 1))
        {
            var content = new byte[size];
            stream.Position = 0;
            var read = stream.ReadAtLeast(content, size, throwOnEndOfStream: false);
            if (read < size || size > PolicyFile.MaxBytes)
            {
                return content[..read];
            }
        }
    }

    private static void ReportDocumentsInSubfolders(IEnumerable<FileSystemInfo> entries, List<PolicyError> errors)
    {
        var folders = entries.OfType<DirectoryInfo>().Where(folder => !FoldersNotRead.Contains(folder.Name)).OrderBy(folder => folder.Name, StringComparer.Ordinal);
        foreach (var folder in folders)
        {
            if (folder.EnumerateFileSystemInfos().Any(entry => !entry.Name.StartsWith('.') && IsDocument(entry)))
            {
                errors.Add(Error(Shown.Bare(folder.Name), "the sub-folder holds documents, but only the policies folder itself is read; move them up, or into examples"));
            }
        }
    }

    // A document must not be left out because its extension is in capitals.
    private static bool IsDocument(FileSystemInfo entry) =>
        entry.Extension.Equals(".yaml", StringComparison.OrdinalIgnoreCase) || entry.Extension.Equals(".yml", StringComparison.OrdinalIgnoreCase);

    private static bool IsFolder(FileSystemInfo entry) => entry is DirectoryInfo;

    private static PolicyError Error(string file, string message) => new(new PolicySource(file, 0, 0), message);
}
