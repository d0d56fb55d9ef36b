using Gateway.Core.Exchanges;
using Gateway.Core.Formats;

namespace Gateway.Core.Policies;

/// <summary>
/// What is known of an exchange when its policy is looked up. Asked for twice: at admission, when only the credential and the route are known, and
/// again once the body was read, with end user and model. Both times from the same snapshot.
/// </summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Application">The application of the key.</param>
/// <param name="KeyId">The id of the key, or <c>jwt</c>.</param>
/// <param name="Format">The wire format of the route.</param>
/// <param name="EndUserHash">Keyed hash of the end user's id; null: none is named, or not known yet.</param>
/// <param name="Model">The model the client asked for, before aliases; null: not known yet.</param>
/// <param name="OtherModels">The models that the body names beside it; null: not known yet.</param>
public readonly record struct PolicySubject(
    string Tenant,
    string? Application = null,
    string? KeyId = null,
    FormatId? Format = null,
    string? EndUserHash = null,
    string? Model = null,
    IReadOnlyList<NamedModel>? OtherModels = null);
