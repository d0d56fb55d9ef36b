using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.Models;

/// <summary>Reads lists of models of both shapes: <c>{"data":[{"id":…},…]}</c>.</summary>
internal static class ModelListReader
{
    // The longest list of a public provider has some hundred models.
    private const int MaxModels = 10_000;

    private const int MaxTextLength = 256;

    private static readonly NameTable s_names = WireNames.Of<Member>();

    private enum Member
    {
        Data,
        Error,
        Type,
        Object,
        Id,
    }

    /// <summary>The models of <paramref name="body"/>; null where it is no list or two readers could read it in two ways.</summary>
    public static IReadOnlyList<ListedModel>? Read(ReadOnlyMemory<byte> body)
    {
        using var tape = new JsonTape();
        if (!Utf8.IsValid(body.Span) || StrictJson.ReadObject(body.Span, tape) is not null)
        {
            return null;
        }

        var view = tape.View(body.Span);
        var data = view.Member(0, "data"u8);
        if (data < 0 || view[data].Kind != JsonKind.Array)
        {
            return null;
        }

        var models = new List<ListedModel>();
        for (var at = data + 1; at < view[data].Next && models.Count < MaxModels; at = view[at].Next)
        {
            if (Short(view, at, "id"u8) is { Length: > 0 } id)
            {
                var created = view.Integer(view.Member(at, "created"u8)) ?? Seconds(Short(view, at, "created_at"u8));
                models.Add(new ListedModel(id, Short(view, at, "display_name"u8), Math.Max(0, created), Short(view, at, "owned_by"u8)));
            }
        }

        return models;
    }

    /// <summary>Reports every string of a list, of one model, or of an error.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, MessageContent content) => WholeAnswer.TryRead(body, content, Walk);

    private static bool Walk(ReadOnlySpan<byte> json, IResponseSink sink)
    {
        var walk = new MemberWalk(json, s_names, sink);
        if (!walk.Open())
        {
            return false;
        }

        ulong seen = 0;
        var isKnown = false;
        while (walk.Next(ref seen, out var member))
        {
            switch ((Member)member)
            {
                case Member.Error when !walk.IsNull:
                    isKnown = true;
                    walk.Error();
                    break;
                case Member.Data when walk.Reader.TokenType == JsonTokenType.StartArray:
                case Member.Id when walk.IsString:
                    isKnown = true;
                    walk.Leaves(TextPlaces.Metadata, -1);
                    break;
                case Member.Type or Member.Object when walk.IsString && (walk.Here.Is("list"u8) || walk.Here.Is("model"u8) || walk.Here.Is("error"u8)):
                    break;
                default:
                    walk.Everything(TextPlaces.Metadata, -1);
                    break;
            }
        }

        walk.Close();
        return isKnown;
    }

    private static string? Short(JsonView view, int model, ReadOnlySpan<byte> name)
    {
        var value = view.Member(model, name);
        return value >= 0 && view[value].Length <= MaxTextLength ? view.Text(value) : null;
    }

    private static long Seconds(string? time) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUnixTimeSeconds() : 0;
}
