using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Coverage;

/// <summary>Which way a text goes.</summary>
public enum CoverageDirection : byte
{
    /// <summary>From the client to the provider.</summary>
    Request,

    /// <summary>From the provider to the client.</summary>
    Response,
}

/// <summary>What the gateway does with a part of a body, or with what stands around it.</summary>
public enum CoverageTreatment : byte
{
    /// <summary>Every string of it is a segment that the guards read.</summary>
    Inspected,

    /// <summary>Each use is judged by settings of the policy; where the row names a surface, the strings that are there are read besides.</summary>
    Governed,

    /// <summary>It stops the exchange whatever the policy says.</summary>
    Refused,

    /// <summary>It is not passed on.</summary>
    Removed,

    /// <summary>Nothing looks at it: a gap. The build's tests fail while there is one.</summary>
    Unread,
}

/// <summary>One row of the coverage matrix: parts of one kind that are treated alike.</summary>
/// <param name="Format">The wire format; <see cref="FormatId.Unknown"/> for what belongs to none.</param>
/// <param name="Direction">Request or response.</param>
/// <param name="Streamed">Whether the body is streamed; null where it makes no difference.</param>
/// <param name="Part">The kind of part: the types on the way to it, such as <c>messages/user/image_url</c>; <c>body</c> for the body's own members.</param>
/// <param name="Surface">The surface of its strings; null where it has none.</param>
/// <param name="Treatment">What happens to it.</param>
/// <param name="Settings">The capabilities whose settings govern it.</param>
/// <param name="Members">Which members of the part, as paths within it.</param>
public sealed record CoverageRow(
    FormatId Format,
    CoverageDirection Direction,
    bool? Streamed,
    string Part,
    Surface? Surface,
    CoverageTreatment Treatment,
    IReadOnlyList<Capability> Settings,
    IReadOnlyList<string> Members);

/// <summary>One text-bearing member of a format.</summary>
/// <param name="Part">As in <see cref="CoverageRow"/>.</param>
/// <param name="Member">Its path within the part.</param>
/// <param name="Surface">The surface of its strings.</param>
/// <param name="Treatment">What happens to it.</param>
/// <param name="Settings">The capabilities whose settings govern it, in the order of the enum, joined.</param>
internal sealed record CoverageLeaf(string Part, string Member, Surface? Surface, CoverageTreatment Treatment, CapabilitySet Settings);
