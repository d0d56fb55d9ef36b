using System.Buffers;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.Coverage;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Tests.Coverage;

/// <summary>A format whose requests are accepted as before, but whose table no longer reads the strings of one surface.</summary>
internal sealed class RemovedRead(IWireFormat format, Surface surface) : IWireFormat
{
    private readonly Shape _table = Without(format.Coverage.Request!, surface);

    public FormatId Id => format.Id;

    public IReadOnlyList<WireEndpoint> Endpoints => format.Endpoints;

    public FormatCoverage Coverage => format.Coverage;

    public RequestFault? ReadRequest(ExchangeRequest request) => RequestReader.Read(request, _table, static (_, _) => null);

    public bool TryReadResponse(ReadOnlyMemory<byte> body, MessageContent content) => format.TryReadResponse(body, content);

    public IStreamReader CreateStreamReader(ExchangeRequest request) => format.CreateStreamReader(request);

    public void WriteError(in GatewayError error, IBufferWriter<byte> output) => format.WriteError(error, output);

    public void WriteRefusal(in CutNotice notice, string model, IBufferWriter<byte> output) => format.WriteRefusal(notice, model, output);

    private static Shape Without(Shape shape, Surface surface)
    {
        Shape? Inner(Shape? inner) => inner is null ? null : Without(inner, surface);
        var isLeaf = shape.Kind is ShapeKind.Text or ShapeKind.JsonText or ShapeKind.Any or ShapeKind.Schema;
        return isLeaf && shape.Surface == surface
            ? shape with { Kind = ShapeKind.Tag }
            : shape with
            {
                Fields = shape.Fields is null ? null : new FieldTable([.. shape.Fields.Fields.Select(field => field with { Shape = Without(field.Shape, surface) })], shape.Fields.IsProto),
                Item = Inner(shape.Item),
                OnString = Inner(shape.OnString),
                OnArray = Inner(shape.OnArray),
                OnObject = Inner(shape.OnObject),
                OnNumbers = Inner(shape.OnNumbers),
                Tags = shape.Tags is null ? null : Without(shape.Tags, surface),
            };
    }

    private static TagTable Without(TagTable tags, Surface surface) =>
        new(tags.Member, tags.UnknownReason, [.. tags.Cases.Select(entry => (entry.Name, Without(entry.Shape, surface)))])
        {
            Absent = tags.Absent is null ? null : Without(tags.Absent, surface),
            Otherwise = tags.Otherwise is null ? null : Without(tags.Otherwise, surface),
            Unknown = tags.Unknown,
        };
}
