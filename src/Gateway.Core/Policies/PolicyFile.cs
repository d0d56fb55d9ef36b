namespace Gateway.Core.Policies;

/// <summary>One policy document as it stands on disk or in a request; nothing about it has been checked yet.</summary>
/// <param name="Name">File name relative to the policies folder; errors name it.</param>
/// <param name="Content">The bytes.</param>
public sealed record PolicyFile(string Name, ReadOnlyMemory<byte> Content)
{
    /// <summary>Largest document: 1 MiB. A longer one is refused before it is parsed.</summary>
    public const int MaxBytes = 1024 * 1024;
}
