using System.Text.Json;

namespace Gateway.Tests.Clients;

/// <summary>How a provider writes its answers in one wire format.</summary>
public interface IProviderScript
{
    string Path { get; }

    /// <summary>The header that carries the upstream credential, with its value.</summary>
    string Credential(Microsoft.AspNetCore.Http.HttpRequest request);

    /// <summary>The counts of what the request held, as the text that the model "answers".</summary>
    string Describe(JsonElement body);

    string Answer(string model, string text);

    string ToolAnswer(string model);

    string Error(string message);

    IEnumerable<string> Opening(string model);

    string Piece(string model, string text);

    IEnumerable<string> ToolFrames(string model);

    /// <summary>The frames that end a whole stream, the terminator included.</summary>
    IEnumerable<string> Ending(string model, bool toolCall);
}
