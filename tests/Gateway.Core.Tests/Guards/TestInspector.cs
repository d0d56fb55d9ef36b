using System.Buffers;
using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Policies;

namespace Gateway.Core.Tests.Guards;

/// <summary>What came out of an inspector.</summary>
internal sealed record InspectedRun(StreamEnd End, string? Fault, byte[] Output, long InspectedText)
{
    public string Text => Encoding.UTF8.GetString(Output);
}

/// <summary>Inspectors for tests.</summary>
internal static class TestInspector
{
    public static StreamInspector Create(FormatId format, TenantPolicy policy, List<Finding>? findings = null, params ITextRedactor[] redactors)
    {
        var request = new ExchangeRequest { Body = default, Stream = true, ChoiceCount = 2, ClientWantsStreamUsage = true };
        var wire = WireFormats.All.Single(candidate => candidate.Id == format);
        return new StreamInspector(
            wire.CreateStreamReader(request),
            policy,
            finding => findings?.Add(finding),
            _ => new CutNotice(false, new GatewayError(ErrorCode.PolicyBlocked, "Stopped.", "dec_1")),
            redactors,
            wire.CreateStreamReader(request));
    }

    /// <summary>Feeds <paramref name="body"/> in two pieces.</summary>
    public static InspectedRun Run(FormatId format, TenantPolicy policy, byte[] body, int split = 0) => Run(Create(format, policy), body, [split]);

    /// <summary>Feeds <paramref name="body"/> in pieces of the sizes given and the rest in one.</summary>
    public static InspectedRun Run(StreamInspector inspector, byte[] body, IReadOnlyList<int> sizes)
    {
        using var owned = inspector;
        var output = new ArrayBufferWriter<byte>();
        var position = 0;
        foreach (var size in sizes)
        {
            var count = Math.Min(size, body.Length - position);
            inspector.Feed(body.AsSpan(position, count), output);
            position += count;
        }

        inspector.Feed(body.AsSpan(position), output);
        inspector.Complete(output);
        return new InspectedRun(inspector.End, inspector.Fault, output.WrittenSpan.ToArray(), inspector.InspectedText);
    }
}
