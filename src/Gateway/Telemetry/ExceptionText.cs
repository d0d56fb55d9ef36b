using System.Text;

namespace Gateway.Telemetry;

/// <summary>An exception without its message: types and stacks, from the outermost to the innermost.</summary>
internal static class ExceptionText
{
    private const int MaxLength = 8 * 1024;
    private const int MaxInner = 4;

    public static string Of(Exception exception)
    {
        var text = new StringBuilder();
        var current = exception;
        for (var depth = 0; current is not null && depth <= MaxInner; depth++)
        {
            text.Append(depth == 0 ? string.Empty : " ---> ").Append(current.GetType().FullName).Append('\n').Append(current.StackTrace).Append('\n');
            current = current.InnerException;
        }

        return text.ToString(0, Math.Min(text.Length, MaxLength));
    }
}
