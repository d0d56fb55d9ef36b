using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Gateway.Storage;

/// <summary>The words of an enum of bytes, escaped once.</summary>
internal sealed class EnumWords<T>
    where T : unmanaged, Enum
{
    private readonly JsonEncodedText[] _words = new JsonEncodedText[byte.MaxValue + 1];

    /// <summary>Words in lower snake case unless <paramref name="word"/> says otherwise.</summary>
    public EnumWords(Func<T, string>? word = null)
    {
        foreach (var value in Enum.GetValues<T>())
        {
            _words[Index(value)] = JsonEncodedText.Encode(word?.Invoke(value) ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
        }
    }

    /// <summary>The word of <paramref name="value"/>.</summary>
    /// <exception cref="JsonException">The enum has no such value.</exception>
    public JsonEncodedText Of(T value) => _words[Index(value)] is { EncodedUtf8Bytes.IsEmpty: false } word ? word : throw new JsonException("Not a value of the enum.");

    private static byte Index(T value) => Unsafe.SizeOf<T>() == sizeof(byte) ? Unsafe.BitCast<T, byte>(value) : throw new NotSupportedException();
}
