namespace Gateway.Core.Tests.Policies;

/// <summary>Finds files of the repository from wherever the tests were built to.</summary>
internal static class TestFolders
{
    public static string InRepository(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine([folder?.FullName ?? throw new DirectoryNotFoundException("no Gateway.sln above the tests"), .. parts]);
    }
}
