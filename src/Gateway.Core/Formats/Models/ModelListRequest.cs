using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Formats.Models;

/// <summary>A request for models has no body: one that comes all the same would be read by nobody here.</summary>
internal static class ModelListRequest
{
    /// <summary>Null: there is none.</summary>
    public static RequestFault? Read(ExchangeRequest request)
    {
        if (!request.Body.IsEmpty)
        {
            return RequestFaults.At(RequestFaultReasons.BodyNotTaken, "$", message: null);
        }

        request.Model = request.PathModel ?? "";
        return null;
    }
}
