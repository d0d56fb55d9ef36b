namespace Gateway.Core.Policies;

/// <summary>
/// Resolves every symbolic link on the way to a file. The last link alone is not enough: a mounted ConfigMap is a link into a folder that is
/// itself a link, and a link to a folder elsewhere would otherwise pass as a file inside.
/// </summary>
internal static class RealPath
{
    // Linux gives up at the same number.
    private const int MostLinks = 40;

    /// <summary>The path without links, or null when there is nothing at its end.</summary>
    public static string? Of(string path)
    {
        var pending = new Stack<string>(Parts(Path.GetFullPath(path)));
        var resolved = Path.GetPathRoot(Path.GetFullPath(path))!;
        for (var links = 0; pending.TryPop(out var part);)
        {
            resolved = part == ".." ? Path.GetDirectoryName(resolved) ?? resolved : Path.Combine(resolved, part);
            if (new FileInfo(resolved).LinkTarget is not { } target)
            {
                continue;
            }

            if (++links > MostLinks)
            {
                return null;
            }

            resolved = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : Path.GetDirectoryName(resolved)!;
            foreach (var step in Parts(target))
            {
                pending.Push(step);
            }
        }

        return Path.Exists(resolved) ? resolved : null;
    }

    // Last part first, ready to be pushed.
    private static IEnumerable<string> Parts(string path) =>
        path[(Path.GetPathRoot(path)?.Length ?? 0)..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").Reverse();
}
