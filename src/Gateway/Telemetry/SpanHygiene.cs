using System.Diagnostics;
using Gateway.Core.Telemetry;

namespace Gateway.Telemetry;

/// <summary>Takes from a SERVER span what a client wrote freely. Keys of some providers travel in the query; a path that matched no route is any text.</summary>
internal static class SpanHygiene
{
    private static readonly string[] Never = ["url.query", "url.full", "user_agent.original", "client.address", "network.peer.address"];

    public static void Scrub(Activity server)
    {
        foreach (var name in Never)
        {
            server.SetTag(name, null);
        }

        if (server.GetTagItem("http.route") is null)
        {
            server.SetTag("url.path", null);
        }
        else if (server.GetTagItem("url.path") is string path)
        {
            server.SetTag("url.path", LogText.Clean(path));
        }
    }
}
