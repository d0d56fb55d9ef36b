using System.Buffers;

namespace Gateway.Core.Formats;

/// <summary>The reader of a format that has no streams: whatever comes as one is a fault.</summary>
/// <param name="format">Whose error a cut writes.</param>
internal sealed class NoStreamReader(IWireFormat format) : IStreamReader
{
    /// <inheritdoc/>
    public StreamPosition Position => StreamPosition.None;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> KeepAlive => ": keep-alive\n\n"u8;

    /// <inheritdoc/>
    public void Read(in SseFrame sse, StreamFrame frame)
    {
        frame.Clear();
        frame.IsMeaningful = true;
        frame.Fault = StreamFaults.WrongType;
    }

    /// <inheritdoc/>
    public void WriteCut(in CutNotice notice, StreamPosition released, IBufferWriter<byte> output)
    {
        output.Write("event: error\ndata: "u8);
        format.WriteError(notice.Error, output);
        output.Write("\n\n"u8);
    }
}
