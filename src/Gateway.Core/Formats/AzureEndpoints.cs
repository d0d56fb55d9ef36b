using System.Globalization;

namespace Gateway.Core.Formats;

/// <summary>
/// How formats of the OpenAI family are reached on Azure: by deployment, where the path names the model and the query the version of the API, and by
/// the newer paths below <c>/openai</c> and <c>/openai/v1</c>, where the body names the model.
/// </summary>
internal static class AzureEndpoints
{
    private static readonly QueryKey s_dated = new("api-version", IsDate);
    private static readonly QueryKey s_named = new("api-version", static value => value is "v1" or "preview" || IsDate(value));

    /// <summary>The endpoint of a deployment for <paramref name="operation"/>, such as <c>/chat/completions</c>.</summary>
    public static WireEndpoint Deployment(string operation, bool? streams = null) => new()
    {
        Provider = "azure",
        Routes = [$"/openai/deployments/{{model}}{operation}"],
        UpstreamPath = $"/openai/deployments/{{model}}{operation}",
        Query = [s_dated],
        Streams = streams,
    };

    /// <summary>The endpoint below <c>/openai</c> for <paramref name="operation"/>, where the body names the model and the query the version.</summary>
    public static WireEndpoint Dated(string operation) => new()
    {
        Provider = "azure",
        Routes = [$"/openai{operation}"],
        UpstreamPath = $"/openai{operation}",
        Query = [s_dated],
    };

    /// <summary>The endpoint below <c>/openai/v1</c> for <paramref name="operation"/>.</summary>
    public static WireEndpoint Versioned(string operation, bool? streams = null) => new()
    {
        Provider = "azure",
        Routes = [$"/openai/v1{operation}"],
        UpstreamPath = $"/openai/v1{operation}",
        Query = [s_named],
        Streams = streams,
    };

    // 2024-10-21 or 2025-03-01-preview.
    private static bool IsDate(string value)
    {
        var date = value.EndsWith("-preview", StringComparison.Ordinal) ? value[..^"-preview".Length] : value;
        return DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
    }
}
