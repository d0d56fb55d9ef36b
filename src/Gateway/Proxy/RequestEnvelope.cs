using System.Text;
using Gateway.Core.Formats;
using Gateway.Proxy.Encodings;
using Microsoft.Net.Http.Headers;

namespace Gateway.Proxy;

/// <summary>Checks of what stands around the body: media type, encoding, query. What is not known to be harmless is refused.</summary>
internal static class RequestEnvelope
{
    /// <summary>Null: nothing to refuse, and <paramref name="encoding"/> says how the body is compressed.</summary>
    public static (ErrorCode Code, string Reason, string Message)? Check(HttpRequest request, WireEndpoint endpoint, out BodyEncoding encoding)
    {
        encoding = BodyEncoding.Identity;
        if (!IsPlainJson(request.ContentType))
        {
            return (ErrorCode.UnsupportedMediaType, "content_type", "Send Content-Type: application/json, in UTF-8.");
        }

        if (!BodyEncodings.TryParse(request.Headers.ContentEncoding, out encoding))
        {
            return (ErrorCode.UnsupportedMediaType, "content_encoding", $"Send the body without Content-Encoding or with one of {BodyEncodings.Known}.");
        }

        return CheckHeaders(request, endpoint) ?? CheckQuery(request, endpoint);
    }

    /// <summary>
    /// Null: every header that is passed on has a value whose format is known. A version chosen by the client would make the provider read the body,
    /// and write the answer, otherwise than the gateway does.
    /// </summary>
    public static (ErrorCode Code, string Reason, string Message)? CheckHeaders(HttpRequest request, WireEndpoint endpoint)
    {
        foreach (var header in ProviderProfile.Of(endpoint.Provider).ForwardedHeaders)
        {
            var sent = request.Headers[header.Name];
            if (sent.Count > 1 || (sent.Count == 1 && !header.Allowed.Contains(sent[0]!, StringComparer.Ordinal)))
            {
                return (ErrorCode.InvalidRequest, "unknown_header", $"Send {header.Name} once, with one of {string.Join(", ", header.Allowed)}, or not at all.");
            }
        }

        return null;
    }

    /// <summary>Null: the endpoint takes every key and value of the query.</summary>
    public static (ErrorCode Code, string Reason, string Message)? CheckQuery(HttpRequest request, WireEndpoint endpoint)
    {
        foreach (var (key, values) in request.Query)
        {
            if (values.Count != 1 || !Takes(endpoint, key, values[0]!))
            {
                return (ErrorCode.InvalidRequest, "unknown_query", "The query has a key or value that this path does not take, or a key twice.");
            }
        }

        return null;
    }

    private static bool Takes(WireEndpoint endpoint, string key, string value) =>
        endpoint.Query.Any(known => string.Equals(known.Name, key, StringComparison.Ordinal) && known.Allows(value));

    private static bool IsPlainJson(string? contentType)
    {
        if (string.Equals(contentType, "application/json", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        return MediaTypeHeaderValue.TryParse(contentType, out var type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || type.Encoding is UTF8Encoding);
    }
}
