namespace Gateway.Core.Formats.Gemini;

/// <summary>Names that stand on no wire.</summary>
internal static class GeminiNames
{
    /// <summary>The name of the call that an <c>executableCode</c> part is.</summary>
    public const string CodeExecution = "code_execution";
}
