namespace Gateway.Management;

/// <summary>Errors of the management API, as RFC 9457 problem details.</summary>
internal static class Problems
{
    /// <summary>An error with a text for the operator.</summary>
    public static IResult Of(int status, string detail) => Results.Problem(detail, statusCode: status);

    /// <summary>403.</summary>
    public static IResult Forbidden(string detail) => Of(StatusCodes.Status403Forbidden, detail);

    /// <summary>404.</summary>
    public static IResult NotFound(string detail) => Of(StatusCodes.Status404NotFound, detail);

    /// <summary>400 with what is wrong about each parameter, all together.</summary>
    public static IResult BadQuery(IDictionary<string, string[]> errors) =>
        Results.ValidationProblem(errors, title: "Some query parameters are not valid.", statusCode: StatusCodes.Status400BadRequest);
}
