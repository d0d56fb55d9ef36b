using System.Text.Json;

namespace Gateway.Tests.Clients;

/// <summary>The scripted "model" answers with what it was given, so that a test sees whether the request arrived whole.</summary>
public static class Counts
{
    public static string Text(int messages, int images, JsonElement body, int results)
    {
        var tools = body.TryGetProperty("tools", out var list) && list.ValueKind == JsonValueKind.Array ? list.GetArrayLength() : 0;
        return $"messages={messages} images={images} tools={tools} results={results}";
    }
}
