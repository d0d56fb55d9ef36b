using System.Text.Json.Nodes;

namespace Gateway.Simulation;

/// <summary>The lists of models of the simulated provider, which answers to every name: these are the ones it says it has.</summary>
internal static class SimulatedModels
{
    private static readonly string[] s_openAI = ["gpt-4o", "gpt-4o-mini", "gpt-3.5-turbo-instruct", "text-embedding-3-small"];
    private static readonly string[] s_anthropic = ["claude-opus-5", "claude-sonnet-5"];

    /// <summary>Answers in the shape of the client's SDK, which its headers show.</summary>
    public static Task AnswerAsync(HttpContext context)
    {
        var body = SimulatedJson.Bytes(context.Request.Headers.ContainsKey("anthropic-version") ? Anthropic() : OpenAI());
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private static JsonObject OpenAI() => new()
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. s_openAI.Select(id => new JsonObject
        {
            ["id"] = id, ["object"] = "model", ["created"] = SimulatedChat.Created, ["owned_by"] = "simulated",
        })]),
    };

    private static JsonObject Anthropic() => new()
    {
        ["data"] = new JsonArray([.. s_anthropic.Select(id => new JsonObject
        {
            ["type"] = "model", ["id"] = id, ["display_name"] = id, ["created_at"] = "2026-01-01T00:00:00Z",
        })]),
        ["has_more"] = false,
        ["first_id"] = s_anthropic[0],
        ["last_id"] = s_anthropic[^1],
    };
}
