using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.AnthropicMessages;
using Gateway.Core.Formats.Coverage;

namespace Gateway.Core.Formats.Models;

/// <summary>Anthropic's list of models. It stands on the paths of OpenAI's; the header that every Anthropic client sends tells them apart.</summary>
public sealed class AnthropicModelsFormat : IModelListFormat
{
    private const int LargestPage = 1000;

    /// <inheritdoc/>
    public FormatId Id => FormatId.AnthropicModels;

    /// <inheritdoc/>
    public IReadOnlyList<WireEndpoint> Endpoints { get; } =
    [
        new()
        {
            Provider = "anthropic",
            Method = "GET",
            Header = "anthropic-version",
            Routes = ["/v1/models", "/v1/v1/models", "/v1/models/{**model}", "/v1/v1/models/{**model}"],

            // The largest page: a provider's list is asked for whole.
            UpstreamPath = "/v1/models?limit=1000",
            Query =
            [
                new("limit", static value => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is > 0 and <= LargestPage),
                new("after_id", static _ => true),
                new("before_id", static _ => true),
                new("beta", static value => value is "true" or "false"),
            ],
            Streams = false,
        },
    ];

    /// <inheritdoc/>
    public bool HasRefusals => false;

    /// <inheritdoc/>
    public FormatCoverage Coverage => ModelListCoverage.All;

    /// <inheritdoc/>
    public RequestFault? ReadRequest(ExchangeRequest request) => ModelListRequest.Read(request);

    /// <inheritdoc/>
    public bool TryReadResponse(ReadOnlyMemory<byte> body, MessageContent content) => ModelListReader.TryRead(body, content);

    /// <inheritdoc/>
    public IStreamReader CreateStreamReader(ExchangeRequest request) => new NoStreamReader(this);

    /// <inheritdoc/>
    public void WriteError(in GatewayError error, IBufferWriter<byte> output) => AnthropicErrors.WriteError(error, output);

    /// <inheritdoc/>
    public void WriteRefusal(in CutNotice notice, string model, IBufferWriter<byte> output) => AnthropicErrors.WriteError(notice.Error, output);

    /// <inheritdoc/>
    public IReadOnlyList<ListedModel>? ReadList(ReadOnlyMemory<byte> body) => ModelListReader.Read(body);

    /// <inheritdoc/>
    public void WriteList(IReadOnlyList<ListedModel> models, ModelPage page, IBufferWriter<byte> output)
    {
        ListedModel[] rest = [.. models.Where(model => IsWithin(model.Id, page))];
        var limit = Math.Min(rest.Length, page.Limit ?? LargestPage);

        // Before an id, a page holds the models next to it.
        var shown = page is { Before: not null, After: null } ? rest[^limit..] : rest[..limit];
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteStartArray("data"u8);
        foreach (var model in shown)
        {
            Write(json, model);
        }

        json.WriteEndArray();
        json.WriteBoolean("has_more"u8, shown.Length < rest.Length);
        json.WriteString("first_id"u8, shown.FirstOrDefault()?.Id);
        json.WriteString("last_id"u8, shown.LastOrDefault()?.Id);
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    public void WriteOne(ListedModel model, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        Write(json, model);
    }

    // Lists are in order of the ids.
    private static bool IsWithin(string id, ModelPage page) =>
        (page.After is null || string.CompareOrdinal(id, page.After) > 0) && (page.Before is null || string.CompareOrdinal(id, page.Before) < 0);

    private static void Write(Utf8JsonWriter json, ListedModel model)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "model"u8);
        json.WriteString("id"u8, model.Id);
        json.WriteString("display_name"u8, model.DisplayName ?? model.Id);
        json.WriteString("created_at"u8, DateTimeOffset.FromUnixTimeSeconds(Math.Min(model.Created, LatestSecond)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    // The last second of year 9999: later ones cannot be written as a date.
    private const long LatestSecond = 253402300799;
}
