using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Formats.Gemini;

/// <summary>The model of a request, which stands in the path and may stand in the body once more, with a prefix.</summary>
internal static class GeminiModels
{
    /// <summary>What stands before a model's name in a body.</summary>
    public const string Prefix = "models/";

    // Published names have at most about 40 characters.
    private const int LongestName = 128;

    /// <summary>Reads <paramref name="request"/> by <paramref name="root"/>; what its path names must be a plain model.</summary>
    public static RequestFault? Read(ExchangeRequest request, Shape root)
    {
        request.ModelPrefix = Prefix;
        return request.PathModel is { } model && !IsPlain(model)
            ? new RequestFault(RequestFaultReasons.InvalidModel, "The path does not name a model in plain letters, digits, dots and dashes.")
            : RequestReader.Read(request, root, static (_, _) => null);
    }

    /// <summary>A member <c>model</c> of the body. All of them must agree with each other; that they agree with the path is checked at the end.</summary>
    public static string? InBody(ref ShapeWalker walker, int token)
    {
        var name = walker.View.Text(token)!;
        name = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
        var request = walker.Request!;
        if (request.Model.Length > 0 && !string.Equals(name, request.Model, StringComparison.Ordinal))
        {
            return RequestFaultReasons.ModelMismatch;
        }

        ref readonly var value = ref walker.View[token];
        request.Model = name;
        request.ModelRepeats.Add(new ByteRange(value.Start, value.Length));
        return null;
    }

    // The path goes through several decoders on its way; a name that none of them changes is the same name to all.
    private static bool IsPlain(string model) =>
        model.Length is > 0 and <= LongestName && model.All(unit => char.IsAsciiLetterOrDigit(unit) || unit is '.' or '-' or '_') && model.Any(char.IsAsciiLetterOrDigit);
}
