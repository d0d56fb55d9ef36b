using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;

namespace Gateway.Core.Formats;

/// <summary>Text that a body carries in base64, whatever media type it claims.</summary>
internal static class EncodedText
{
    // Enough to meet the header of every common binary format, and little to decode of a picture of many megabytes.
    private const int Prefix = 64;

    // A PDF may begin with other bytes: readers look for its mark in the first kilobyte (ISO 32000-1, annex H, note 13).
    private const int PdfMarkWithin = 1024;

    /// <summary>Receives decoded UTF-8 text.</summary>
    public delegate void Receiver<TState>(ReadOnlySpan<byte> utf8, ref TState state) where TState : allows ref struct;

    /// <summary>
    /// Decodes <paramref name="base64"/> as leniently as any known parser does: both alphabets, with or without padding, white space skipped. Where the
    /// bytes are plain text, hands them to <paramref name="receive"/>. False: not base64, or bytes that are no text.
    /// </summary>
    public static bool TryRead<TState>(ReadOnlySpan<byte> base64, ref TState state, Receiver<TState> receive) where TState : allows ref struct
    {
        if (IsSurelyBinary(base64))
        {
            return false;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(base64.Length + 4);
        var length = Decode(base64, buffer);
        var isText = length >= 0 && IsPlainText(buffer.AsSpan(0, length));
        if (isText)
        {
            receive(buffer.AsSpan(0, length), ref state);
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return isText;
    }

    private static bool IsSurelyBinary(ReadOnlySpan<byte> base64)
    {
        Span<byte> start = stackalloc byte[Prefix + 4];
        var length = base64.Length <= Prefix ? 0 : Decode(base64[..Prefix], start);
        return length > 0 && HasControl(start[..length]);
    }

    /// <summary>The length of the decoded bytes in <paramref name="buffer"/>, or -1.</summary>
    private static int Decode(ReadOnlySpan<byte> base64, Span<byte> buffer)
    {
        var length = 0;
        var padding = false;
        foreach (var unit in base64)
        {
            if (unit is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                continue;
            }

            padding |= unit == '=';
            if (unit == '=')
            {
                continue;
            }

            if (padding)
            {
                return -1;
            }

            buffer[length++] = unit switch { (byte)'-' => (byte)'+', (byte)'_' => (byte)'/', _ => unit };
        }

        while (length % 4 != 0)
        {
            buffer[length++] = (byte)'=';
        }

        return Base64.DecodeFromUtf8InPlace(buffer[..length], out var written) == OperationStatus.Done ? written : -1;
    }

    private static bool IsPlainText(ReadOnlySpan<byte> bytes) =>
        !HasControl(bytes) && Utf8.IsValid(bytes) && bytes[..Math.Min(bytes.Length, PdfMarkWithin)].IndexOf("%PDF"u8) < 0;

    private static bool HasControl(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (value is < (byte)' ' and not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f'))
            {
                return true;
            }
        }

        return false;
    }
}
