using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Core.Policies;

/// <summary>
/// The identity of a set of documents: SHA-256 over the documents in ordinal order of their names, each as the length of the name, the name,
/// the length of the content, the content. The lengths keep two different sets from being written as the same bytes.
/// </summary>
internal static class PolicyVersion
{
    private const int Digits = 12;

    public static string Of(IEnumerable<PolicyFile> files) => Digest(files)[..Digits];

    /// <summary>The whole digest, in lower-case hexadecimal.</summary>
    public static string Digest(IEnumerable<PolicyFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            Append(hash, Encoding.UTF8.GetBytes(file.Name));
            Append(hash, file.Content.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
