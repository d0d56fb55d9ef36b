using System.Text;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Formats.Responses;

/// <summary>The names of a format's members, from an enumeration that lists them: <c>FinishReason</c> stands for <c>finish_reason</c>.</summary>
internal static class WireNames
{
    /// <summary>A table that finds a name's position in <typeparamref name="TMember"/>, whose values count up from 0.</summary>
    public static NameTable Of<TMember>() where TMember : struct, Enum => new(Enum.GetNames<TMember>().Select(OnWire));

    private static string OnWire(string name)
    {
        var wire = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && wire.Length > 0)
            {
                wire.Append('_');
            }

            wire.Append(char.ToLowerInvariant(letter));
        }

        return wire.ToString();
    }
}
