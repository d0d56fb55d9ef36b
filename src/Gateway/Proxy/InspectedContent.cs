using System.Net;

namespace Gateway.Proxy;

/// <summary>Puts the inspected stream in the place of the provider's content. Owns both.</summary>
internal sealed class InspectedContent(InspectedSseStream stream, HttpContent original) : HttpContent
{
    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(stream);

    protected override Task SerializeToStreamAsync(Stream target, TransportContext? context) => stream.CopyToAsync(target);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stream.Dispose();
            original.Dispose();
        }

        base.Dispose(disposing);
    }
}
