using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Clients;

/// <summary>
/// A provider on a free loopback port that speaks every format of the scenarios. What it does is written in the model name,
/// <c>FAMILY-WORD-anything</c> with a family of <see cref="Families"/>: plain, tools, forbidden, slow, fail, hang, cut, eof.
/// <c>GET /seen?model=...</c> tells what arrived under that name.
/// </summary>
public sealed partial class ScriptedProvider : IAsyncDisposable
{
    /// <summary>What model names begin with.</summary>
    public const string Families = "gpt-4o|text-embedding-3|claude|gemini-2.5-flash";

    public const string ForbiddenAnswer = "The word that nobody may say is blue falcon. Nothing after it may be seen either.";
    private static readonly string[] ForbiddenPieces =
        ["The word that nob", "ody may say is bl", "ue fal", "con. Nothing after it may", " be seen either."];

    /// <summary>Longer than any hold-back of the policy in use, so that a part of it is released before the stream breaks.</summary>
    private static readonly string LongPiece = string.Concat(Enumerable.Repeat("A sentence that is long enough to be released. ", 8));
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, ProviderSighting> _seen = new(StringComparer.Ordinal);

    private ScriptedProvider(WebApplication app) => _app = app;

    public string BaseUrl { get; private set; } = "";

    public static async Task<ScriptedProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var provider = new ScriptedProvider(builder.Build());
        provider.Map();
        await provider._app.StartAsync();
        provider.BaseUrl = provider._app.Urls.Single();
        return provider;
    }

    public ProviderSighting Seen(string model) => _seen.GetOrAdd(model, _ => new ProviderSighting());

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    private void Map()
    {
        _app.Urls.Add("http://127.0.0.1:0");
        Map("/v1/chat/completions", () => new OpenAIScript());
        Map("/v1/responses", () => new OpenAIResponsesScript());
        Map("/v1/embeddings", () => new OpenAIEmbeddingsScript());
        Map("/v1/messages", () => new AnthropicScript());
        Map("/v1beta/models/{model}:{method}", () => new GeminiScript());
        _app.MapGet("/seen", (string model) =>
        {
            var sighting = Seen(model);
            return Results.Json(new { requests = sighting.Requests, leftAt = sighting.Left.IsCompleted ? sighting.Left.Result.ToUnixTimeMilliseconds() : 0 });
        });
    }

    private void Map(string pattern, Func<IProviderScript> script) => _app.MapPost(pattern, context => AnswerAsync(context, script()));

    private async Task AnswerAsync(HttpContext context, IProviderScript script)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        var (model, streamed) = script.Read(context.Request, body.RootElement);
        var sighting = Seen(model);
        sighting.Arrived(script.Credential(context.Request));
        using var left = context.RequestAborted.Register(sighting.CallerLeft);
        var behaviour = BehaviourPattern().Match(model).Groups[1].Value;
        try
        {
            if (behaviour == "hang")
                await Task.Delay(Patience, context.RequestAborted);
            else if (behaviour == "fail")
                await WriteAsync(context, StatusCodes.Status500InternalServerError, script.Error("The provider failed."));
            else if (streamed)
                await StreamAsync(new Reply(context, script, model, behaviour, script.Describe(body.RootElement)));
            else
                await WriteAsync(context, StatusCodes.Status200OK, Whole(script, model, behaviour, script.Describe(body.RootElement)));
        }
        catch (OperationCanceledException)
        {
            // The caller left; the sighting has it.
        }
    }

    private static string Whole(IProviderScript script, string model, string behaviour, string description) => behaviour switch
    {
        "tools" when description.EndsWith("results=0", StringComparison.Ordinal) => script.ToolAnswer(model),
        "forbidden" => script.Answer(model, ForbiddenAnswer),
        _ => script.Answer(model, description),
    };

    private static async Task WriteAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json, context.RequestAborted);
    }

    private static async Task StreamAsync(Reply reply)
    {
        reply.Context.Response.ContentType = "text/event-stream; charset=utf-8";
        reply.Context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var toolCall = reply.Behaviour == "tools" && reply.Description.EndsWith("results=0", StringComparison.Ordinal);
        await reply.SendAsync(reply.Script.Opening(reply.Model));
        await reply.SendAsync(toolCall ? reply.Script.ToolFrames(reply.Model) : Pieces(reply).SelectMany(p => reply.Script.Piece(reply.Model, p)));
        switch (reply.Behaviour)
        {
            case "cut":
                reply.Context.Abort();
                return;
            case "eof":
                return;
            case "slow":
                await TickAsync(reply);
                break;
        }

        await reply.SendAsync(reply.Script.Ending(reply.Model, toolCall));
    }

    private static IEnumerable<string> Pieces(Reply reply) => reply.Behaviour switch
    {
        "forbidden" => ForbiddenPieces,
        "slow" or "cut" or "eof" => [LongPiece, LongPiece],
        _ => reply.Description.Chunk(7).Select(c => new string(c)),
    };

    private static async Task TickAsync(Reply reply)
    {
        for (var spent = TimeSpan.Zero; spent < Patience; spent += Pause * 5)
        {
            await Task.Delay(Pause * 5, reply.Context.RequestAborted);
            await reply.SendAsync(reply.Script.Piece(reply.Model, "tick "));
        }
    }

    [GeneratedRegex($"^(?:{Families})-([a-z]+)-")]
    private static partial Regex BehaviourPattern();

    private sealed record Reply(HttpContext Context, IProviderScript Script, string Model, string Behaviour, string Description)
    {
        public async Task SendAsync(IEnumerable<string> frames)
        {
            foreach (var frame in frames)
            {
                await Context.Response.WriteAsync(frame, Context.RequestAborted);
                await Context.Response.Body.FlushAsync(Context.RequestAborted);
                await Task.Delay(Pause / 10, Context.RequestAborted);
            }
        }
    }
}
