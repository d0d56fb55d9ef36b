namespace Gateway.Core.Formats.Json;

/// <summary>
/// Top-level members by which compatible servers let a client choose the upstream or its credential, or hand the model text outside the
/// messages. A client may do neither, whatever server stands behind the gateway, so they are refused in every format.
/// </summary>
internal static class RefusedMembers
{
    private static readonly Shape s_upstream = Shapes.Refused("The gateway's policy chooses the upstream; this member is not passed on.");

    private static readonly Shape s_prompt = Shapes.Refused("This member hands text to the model outside the messages; it is not passed on.");

    /// <summary>The members, as fields of a body.</summary>
    public static IReadOnlyList<ShapeField> All { get; } =
    [
        .. new[]
        {
            "models", "route", "provider", "plugins", "fallbacks", "extra_body", "extra_headers", "extra_query", "api_base", "base_url", "api_key",
            "api_version", "custom_llm_provider", "deployment_id", "model_list", "data_sources", "mcp_servers", "container", "kv_transfer_params",
        }.Select(name => Shapes.Field(name, s_upstream)),
        .. new[]
        {
            "transforms", "chat_template", "chat_template_kwargs", "documents", "prompt", "prompt_token_ids", "prompt_embeds", "suffix", "input",
            "instructions", "previous_response_id", "conversation", "echo", "add_generation_prompt", "continue_final_message", "add_special_tokens",
            "mm_processor_kwargs", "structured_outputs", "guided_json", "guided_regex", "guided_choice", "guided_grammar", "mock_response",
            "guided_whitespace_pattern", "logits_processors",
        }.Select(name => Shapes.Field(name, s_prompt)),
    ];

    /// <summary>All but the members that are <paramref name="known"/> to a format.</summary>
    public static IEnumerable<ShapeField> Except(params string[] known) => All.Where(field => !known.Contains(field.Name, StringComparer.Ordinal));

    /// <summary>A member of another format of the same family, by which a server that takes both would be handed text this format does not inspect.</summary>
    public static ShapeField Foreign(string name) => Shapes.Field(name, s_prompt);
}
