using System.Globalization;

namespace LoadClient;

/// <summary>A server under test.</summary>
/// <param name="Name">Its name in the report.</param>
/// <param name="Url">Base address, without a trailing slash.</param>
/// <param name="Meter">Its process.</param>
/// <param name="Key">Sent as a bearer token.</param>
internal sealed record Target(string Name, string Url, ProcessMeter Meter, string Key)
{
    /// <summary>Reads <c>name,url,pid,key</c>.</summary>
    public static Target Parse(string text) => text.Split(',') switch
    {
        [var name, var url, var pid, var key] => new Target(name, url, new ProcessMeter(int.Parse(pid, CultureInfo.InvariantCulture)), key),
        _ => throw new FormatException($"'{text}' is not name,url,pid,key"),
    };
}
