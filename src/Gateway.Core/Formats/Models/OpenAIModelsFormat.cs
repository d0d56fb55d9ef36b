using System.Buffers;
using System.Text.Json;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Coverage;
using Gateway.Core.Formats.OpenAIChat;

namespace Gateway.Core.Formats.Models;

/// <summary>OpenAI's list of models, also as asked of compatible servers.</summary>
public sealed class OpenAIModelsFormat : IModelListFormat
{
    /// <inheritdoc/>
    public FormatId Id => FormatId.OpenAIModels;

    /// <inheritdoc/>
    public IReadOnlyList<WireEndpoint> Endpoints { get; } =
    [
        new()
        {
            Provider = "openai",
            Method = "GET",
            Routes = ["/v1/models", "/models", "/v1/models/{**model}", "/models/{**model}"],
            UpstreamPath = "/models",
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
    public void WriteError(in GatewayError error, IBufferWriter<byte> output) => OpenAIChatErrors.WriteError(error, output);

    /// <inheritdoc/>
    public void WriteRefusal(in CutNotice notice, string model, IBufferWriter<byte> output) => OpenAIChatErrors.WriteError(notice.Error, output);

    /// <inheritdoc/>
    public IReadOnlyList<ListedModel>? ReadList(ReadOnlyMemory<byte> body) => ModelListReader.Read(body);

    /// <summary>Writes the whole list: the format has no pages.</summary>
    public void WriteList(IReadOnlyList<ListedModel> models, ModelPage page, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var model in models)
        {
            Write(json, model);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    public void WriteOne(ListedModel model, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        Write(json, model);
    }

    private static void Write(Utf8JsonWriter json, ListedModel model)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, model.Id);
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, model.Created);
        json.WriteString("owned_by"u8, model.Owner ?? "unknown");
        json.WriteEndObject();
    }
}
