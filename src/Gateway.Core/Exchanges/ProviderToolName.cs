using System.Text;

namespace Gateway.Core.Exchanges;

/// <summary>
/// The one name under which a policy speaks of a tool that the provider executes. Formats spell the same tool in several ways: with a date
/// (<c>web_search_20250305</c>, <c>web_search_2025_08_26</c>), as a preview, in camel case (<c>googleSearch</c>), with the server that it
/// reaches (<c>mcp:crm</c>).
/// </summary>
public static class ProviderToolName
{
    private const string Preview = "_preview";

    /// <summary>The name for <paramref name="declared"/>, in lower snake case without date, preview and server.</summary>
    public static string Normalize(string declared)
    {
        var colon = declared.IndexOf(':', StringComparison.Ordinal);
        var name = Snake(colon < 0 ? declared : declared[..colon]);
        name = WithoutDate(name);
        name = name.EndsWith(Preview, StringComparison.Ordinal) ? name[..^Preview.Length] : name;
        return name == "mcp_toolset" ? "mcp" : name;
    }

    private static string Snake(string name)
    {
        if (!name.Any(char.IsAsciiLetterUpper))
        {
            return name;
        }

        var snake = new StringBuilder(name.Length + 4);
        foreach (var character in name)
        {
            if (char.IsAsciiLetterUpper(character) && snake.Length > 0 && snake[^1] != '_')
            {
                snake.Append('_');
            }

            snake.Append(char.ToLowerInvariant(character));
        }

        return snake.ToString();
    }

    private static string WithoutDate(string name)
    {
        foreach (var form in (ReadOnlySpan<string>)["_00000000", "_0000_00_00"])
        {
            if (name.Length > form.Length && IsDate(name.AsSpan(name.Length - form.Length), form))
            {
                return name[..^form.Length];
            }
        }

        return name;
    }

    private static bool IsDate(ReadOnlySpan<char> text, string form)
    {
        for (var at = 0; at < form.Length; at++)
        {
            if (form[at] == '_' ? text[at] != '_' : !char.IsAsciiDigit(text[at]))
            {
                return false;
            }
        }

        return true;
    }
}
