using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Json;

/// <summary>
/// Top-level members by which compatible servers let a client choose the upstream or its credential, or hand the model text outside the
/// messages. Whatever server stands behind the gateway, they are refused in every format: those that choose the upstream always, the others
/// unless the policy tolerates what they open.
/// </summary>
internal static class RefusedMembers
{
    private static readonly Shape s_upstream = Shapes.Refused("The gateway's policy chooses the upstream; this member is not passed on.");

    private static readonly Shape s_prompt =
        Shapes.Gated(Capability.DialectMember, "This member hands text to the model outside the messages; it is not passed on.");

    private static readonly Shape s_otherModels = Shapes.Gated(
        Capability.SecondModel, "This member names other models; it is not passed on.", Shapes.Either(text: Named(), array: Shapes.Array(Shapes.Either(text: Named(), obj: Alternative()))));

    /// <summary>The members, as fields of a body.</summary>
    public static IReadOnlyList<ShapeField> All { get; } =
    [
        .. new[]
        {
            "route", "provider", "plugins", "extra_body", "extra_headers", "extra_query", "api_base", "base_url", "api_key", "api_version",
            "custom_llm_provider", "deployment_id", "model_list", "kv_transfer_params",
        }.Select(name => Shapes.Field(name, s_upstream)),
        .. new[]
        {
            "transforms", "chat_template", "chat_template_kwargs", "documents", "prompt", "suffix", "input", "instructions", "echo",
            "add_generation_prompt", "continue_final_message", "add_special_tokens", "mm_processor_kwargs", "structured_outputs", "guided_json",
            "guided_regex", "guided_choice", "guided_grammar", "guided_whitespace_pattern", "logits_processors", "mock_response",
        }.Select(name => Shapes.Field(name, s_prompt)),
        .. Gated(Capability.TokenIds, "This member hands the model something other than text; it is not passed on.", "prompt_token_ids", "prompt_embeds"),
        .. Gated(
            Capability.StoredHistory, "This member stands for state that the gateway has not seen; it is not passed on.",
            "previous_response_id", "conversation", "container"),
        .. Gated(Capability.Connector, "This member makes the provider call other servers; it is not passed on.", "data_sources", "mcp_servers"),
        Shapes.Field("models", s_otherModels),
        Shapes.Field("fallbacks", s_otherModels),
    ];

    /// <summary>All but the members that are <paramref name="known"/> to a format.</summary>
    public static IEnumerable<ShapeField> Except(params string[] known) => All.Where(field => !known.Contains(field.Name, StringComparer.Ordinal));

    /// <summary>A member of another format of the same family, by which a server that takes both would be handed text this format does not inspect.</summary>
    public static ShapeField Foreign(string name) => Shapes.Field(name, s_prompt);

    /// <summary>
    /// Another model to try, with members of a body that apply to it. They can be a whole prompt, so their text is read as somebody else's.
    /// </summary>
    private static Shape Alternative() => Shapes.Object(Shapes.Any(Surface.Document, Trust.ThirdParty), [Shapes.Needed("model", Named())]);

    private static Shape Named() => Shapes.Meta.Then(RequestReader.OtherModel);

    private static IEnumerable<ShapeField> Gated(Capability capability, string explanation, params string[] names)
    {
        var shape = Shapes.Gated(capability, explanation);
        return names.Select(name => Shapes.Field(name, shape));
    }
}
