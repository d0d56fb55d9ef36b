using Gateway.Core.Tenants;
using Microsoft.Extensions.Primitives;

namespace Gateway.Authentication;

/// <summary>
/// The credential of a request, from the headers in which the official SDKs send it: <c>Authorization: Bearer</c>, <c>x-api-key</c>, <c>api-key</c>,
/// <c>x-goog-api-key</c>. Two places may hold the same credential; two different ones are refused, since the gateway and something before it could each go by another.
/// </summary>
internal readonly ref struct Credentials
{
    private Credentials(ReadOnlySpan<char> value, bool fromBearer, AuthenticationFailure? failure)
    {
        Value = value;
        FromBearer = fromBearer;
        Failure = failure;
    }

    /// <summary>The credential's text; empty with <see cref="Failure"/>.</summary>
    public ReadOnlySpan<char> Value { get; }

    /// <summary>It stood (also) in <c>Authorization</c>.</summary>
    public bool FromBearer { get; }

    /// <summary>Why there is none.</summary>
    public AuthenticationFailure? Failure { get; }

    /// <summary>Reads the headers; allocates nothing.</summary>
    public static Credentials Read(IHeaderDictionary headers)
    {
        var authorization = headers.Authorization;
        var xApiKey = headers["x-api-key"];
        var apiKey = headers["api-key"];
        var googleKey = headers["x-goog-api-key"];
        if (authorization.Count > 1 || xApiKey.Count > 1 || apiKey.Count > 1 || googleKey.Count > 1)
        {
            return Fail(AuthenticationFailure.Conflicting);
        }

        ReadOnlySpan<char> value = default;
        if (authorization.Count == 1 && !TryReadBearer(authorization, out value))
        {
            return Fail(AuthenticationFailure.Malformed);
        }

        if (!Add(xApiKey, ref value) || !Add(apiKey, ref value) || !Add(googleKey, ref value))
        {
            return Fail(AuthenticationFailure.Conflicting);
        }

        return authorization.Count + xApiKey.Count + apiKey.Count + googleKey.Count == 0
            ? Fail(AuthenticationFailure.Missing)
            : new Credentials(value, authorization.Count == 1, null);
    }

    private static Credentials Fail(AuthenticationFailure failure) => new(default, false, failure);

    private static bool TryReadBearer(StringValues header, out ReadOnlySpan<char> token)
    {
        const string Scheme = "Bearer ";
        var text = header[0].AsSpan();
        token = text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? text[Scheme.Length..].Trim(' ') : default;
        return token.Length > 0;
    }

    private static bool Add(StringValues header, ref ReadOnlySpan<char> value)
    {
        if (header.Count == 0)
        {
            return true;
        }

        var text = header[0].AsSpan();
        if (value.IsEmpty)
        {
            value = text;
            return true;
        }

        return value.SequenceEqual(text);
    }
}
