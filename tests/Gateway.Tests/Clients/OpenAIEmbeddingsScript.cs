using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Clients;

/// <summary>Embeddings as a provider writes them. The vector holds the character codes of the text, so that a client can read it back.</summary>
public sealed class OpenAIEmbeddingsScript : IProviderScript
{
    private bool _base64;

    public ScriptedCall Read(HttpRequest request, JsonElement body)
    {
        _base64 = body.TryGetProperty("encoding_format", out var format) && format.GetString() == "base64";
        return ScriptedCall.FromBody(body);
    }

    public string Credential(HttpRequest request) => request.Headers.Authorization.ToString();

    public string Describe(JsonElement body)
    {
        var input = body.GetProperty("input");
        return Counts.Text(input.ValueKind == JsonValueKind.Array ? input.GetArrayLength() : 1, 0, body, 0);
    }

    public string Answer(string model, string text) => $$$$"""
        {"object":"list","data":[{"object":"embedding","index":0,"embedding":{{{{Vector(text)}}}}}],"model":{{{{JsonSerializer.Serialize(model)}}}},"usage":{"prompt_tokens":9,"total_tokens":9}}
        """;

    public string Error(string message) => new OpenAIScript().Error(message);

    public string ToolAnswer(string model) => throw new NotSupportedException();

    public IEnumerable<string> Opening(string model) => throw new NotSupportedException();

    public IEnumerable<string> Piece(string model, string text) => throw new NotSupportedException();

    public IEnumerable<string> ToolFrames(string model) => throw new NotSupportedException();

    public IEnumerable<string> Ending(string model, bool toolCall) => throw new NotSupportedException();

    private string Vector(string text)
    {
        if (!_base64)
            return JsonSerializer.Serialize(text.Select(c => (float)c));
        var bytes = new byte[text.Length * sizeof(float)];
        for (var i = 0; i < text.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), text[i]);
        return JsonSerializer.Serialize(Convert.ToBase64String(bytes));
    }
}
