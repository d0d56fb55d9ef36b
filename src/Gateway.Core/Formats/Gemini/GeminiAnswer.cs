namespace Gateway.Core.Formats.Gemini;

/// <summary>What the top level of an answer or a chunk held.</summary>
internal record struct GeminiAnswer
{
    /// <summary>There are candidates, or the prompt was blocked: an answer of the format.</summary>
    public bool IsAnswer { get; set; }

    /// <summary>It is the provider's error.</summary>
    public bool IsError { get; set; }
}
