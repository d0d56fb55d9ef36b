using Gateway.Core.Exchanges;
using Gateway.Core.Formats;

namespace Gateway.Core.Tests.Formats.Requests;

/// <summary>One body for each way in which a request can ask for something that the gateway cannot look into.</summary>
internal static class UnseenUses
{
    private const string Png = "iVBORw0KGgo=";
    private const string Pdf = "JVBERi0xLjQK";

    /// <summary>Format, body, what it uses, and where.</summary>
    public static IEnumerable<(IWireFormat Format, string Body, Capability Uses, string Path)> All() =>
    [
        .. Chat().Select(use => (Reading.OpenAI, use.Body, use.Uses, use.Path)),
        .. Messages().Select(use => (Reading.Anthropic, use.Body, use.Uses, use.Path)),
    ];

    public static string ChatPart(string part) => """{"model":"m","messages":[{"role":"user","content":[""" + part + "]}]}";

    public static string ChatMember(string member) => """{"model":"m","messages":[{"role":"user","content":"x"}],""" + member + "}";

    public static string Block(string block) => """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[""" + block + "]}]}";

    public static string Member(string member) => """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}],""" + member + "}";

    private static IEnumerable<(string Body, Capability Uses, string Path)> Chat()
    {
        const string Part = "$.messages[0].content[0]";
        yield return (ChatPart("""{"type":"image_url","image_url":{"url":"https://a.example/x.png"}}"""), Capability.RemoteContent, Part + ".image_url.url");
        yield return (ChatPart("""{"type":"image_url","image_url":{"url":"file:///etc/passwd"}}"""), Capability.RemoteContent, Part + ".image_url.url");
        yield return (ChatPart("""{"type":"image_url","image_url":{"url":"data:image/png;base64,""" + Png + "\"}}"), Capability.Image, Part + ".image_url.url");
        yield return (ChatPart("""{"type":"image_url","image_url":{"url":" DATA:image/png;base64,""" + Png + "\"}}"), Capability.Image, Part + ".image_url.url");
        yield return (ChatPart("""{"type":"image_url","image_url":{"url":"data:image/svg+xml,%3Csvg/%3E"}}"""), Capability.Image, Part + ".image_url.url");
        yield return (ChatPart("""{"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}}"""), Capability.Audio, Part + ".input_audio.data");
        yield return (ChatPart("""{"type":"file","file":{"file_data":"data:application/pdf;base64,""" + Pdf + "\"}}"), Capability.BinaryDocument, Part + ".file.file_data");
        yield return (ChatPart("""{"type":"file","file":{"file_data":"data:text/plain;base64,""" + Pdf + "\"}}"), Capability.BinaryDocument, Part + ".file.file_data");
        yield return (ChatPart("""{"type":"file","file":{"file_data":"data:text/plain;base64,AAAA"}}"""), Capability.BinaryDocument, Part + ".file.file_data");
        yield return (ChatPart("""{"type":"file","file":{"file_data":"data:text/plain;base64,aGVsbG8=aGVsbG8="}}"""), Capability.BinaryDocument, Part + ".file.file_data");
        yield return (ChatPart("""{"type":"file","file":{"file_data":"UEsDBBQAAAAIAA=="}}"""), Capability.BinaryDocument, Part + ".file.file_data");
        yield return (ChatPart("""{"type":"file","file":{"file_id":"file-1"}}"""), Capability.StoredFile, Part + ".file.file_id");
        yield return (ChatPart("""{"type":"file","file":{"file\u005fid":"file-1"}}"""), Capability.StoredFile, Part + ".file.file_id");
        yield return (ChatPart("""{"type":"video_url","video_url":{"url":"https://v.example/a.mp4"}}"""), Capability.UnknownPart, Part);
        yield return ("""{"model":"m","messages":[{"role":"assistant","audio":{"id":"a"}}]}""", Capability.StoredHistory, "$.messages[0].audio");
        yield return (
            """{"model":"m","messages":[{"role":"assistant","reasoning_details":[{"type":"reasoning.encrypted","data":"AAAA"}]}]}""",
            Capability.SealedContent, "$.messages[0].reasoning_details[0].data");
        yield return (ChatMember("\"web_search_options\":{}"), Capability.ProviderTool, "$.web_search_options");
        yield return (ChatMember("\"web\\u005fsearch_options\":{}"), Capability.ProviderTool, "$.web_search_options");
        yield return (ChatMember("\"logit_bias\":{\"1734\":-100}"), Capability.OutputSteering, "$.logit_bias");
        yield return (ChatMember("\"store\":true"), Capability.ProviderStorage, "$.store");
        yield return (ChatMember("\"audio\":{\"voice\":\"alloy\"}"), Capability.Audio, "$.audio");
        yield return (ChatMember("\"models\":[\"a\",\"b\"]"), Capability.SecondModel, "$.models");
        yield return (ChatMember("\"fallbacks\":[{\"model\":\"a\"}]"), Capability.SecondModel, "$.fallbacks");
        yield return (ChatMember("\"data_sources\":[{\"type\":\"azure_search\"}]"), Capability.Connector, "$.data_sources");
        yield return (ChatMember("\"previous_response_id\":\"r\""), Capability.StoredHistory, "$.previous_response_id");
        yield return (ChatMember("\"prompt_token_ids\":[1,2]"), Capability.TokenIds, "$.prompt_token_ids");
        yield return (ChatMember("\"chat_template\":\"{{x}}\""), Capability.DialectMember, "$.chat_template");
        yield return (ChatMember("\"documents\":[{\"text\":\"x\"}]"), Capability.DialectMember, "$.documents");
        yield return (ChatMember("\"brand_new\":1"), Capability.UnknownMember, "$.brand_new");
        yield return (ChatMember("\"tools\":[{\"type\":\"web_search\"}]"), Capability.UnknownPart, "$.tools[0]");
        yield return (ChatMember("\"tools\":[{\"type\":\"web_search\"}]"), Capability.ProviderTool, "");
        yield return (ChatMember("\"response_format\":{\"type\":\"grammar\",\"grammar\":\"x\"}"), Capability.UnknownPart, "$.response_format");
    }

    private static IEnumerable<(string Body, Capability Uses, string Path)> Messages()
    {
        const string At = "$.messages[0].content[0]";
        yield return (Block("""{"type":"image","source":{"type":"url","url":"https://a.example/x.png"}}"""), Capability.RemoteContent, At + ".source.url");
        yield return (Block("""{"type":"image","source":{"type":"file","file_id":"f"}}"""), Capability.StoredFile, At + ".source.file_id");
        yield return (Block("""{"type":"image","source":{"type":"base64","data":"iVBO","media_type":"image/png"}}"""), Capability.Image, At + ".source.data");
        yield return (Block("""{"type":"document","source":{"type":"url","url":"https://a.example/x.pdf"}}"""), Capability.RemoteContent, At + ".source.url");
        yield return (Block("""{"type":"document","source":{"type":"file","file_id":"f"}}"""), Capability.StoredFile, At + ".source.file_id");
        yield return (Block("""{"type":"document","source":{"type":"base64","data":"JVBERi0xLjQK","media_type":"application/pdf"}}"""), Capability.BinaryDocument, At + ".source.data");
        yield return (Block("""{"type":"document","source":{"type":"base64","data":"JVBERi0xLjQK"}}"""), Capability.BinaryDocument, At + ".source.data");
        yield return (
            Block("""{"type":"tool_result","tool_use_id":"t","content":[{"type":"document","source":{"type":"content","content":[{"type":"image","source":{"type":"url","url":"u"}}]}}]}"""),
            Capability.RemoteContent, At + ".content[0].source.content[0].source.url");
        yield return (Block("""{"type":"thinking","thinking":"x","signature":"AAAA"}"""), Capability.SealedContent, At + ".signature");
        yield return (Block("""{"type":"redacted_thinking","data":"AAAA"}"""), Capability.SealedContent, At + ".data");
        yield return (
            Block("""{"type":"web_search_tool_result","tool_use_id":"t","content":[{"type":"web_search_result","encrypted_content":"AAAA"}]}"""),
            Capability.SealedContent, At + ".content[0].encrypted_content");
        yield return (Block("""{"type":"container_upload","file_id":"f"}"""), Capability.StoredFile, At + ".file_id");
        yield return (Block("""{"type":"tool_addition","tool":{"type":"tool_definition","definition":{"name":"f","input_schema":{}}}}"""), Capability.InlineTool, At);
        yield return (Block("""{"type":"tool_removal","tool":{"type":"tool_reference","name":"f"}}"""), Capability.InlineTool, At);
        yield return (Block("""{"type":"mcp_tool_use","id":"i","name":"f","server_name":"s","input":{}}"""), Capability.Connector, At);
        yield return (Block("""{"type":"compaction","content":"x"}"""), Capability.StoredHistory, At);
        yield return (Block("""{"type":"advisor_tool_result","tool_use_id":"t","content":{"type":"advisor_result","text":"x"}}"""), Capability.SecondModel, At);
        yield return (Block("""{"type":"x_new_block","text":"x"}"""), Capability.UnknownPart, At);
        yield return (Member("\"mcp_servers\":[{\"type\":\"url\",\"name\":\"n\",\"url\":\"u\"}]"), Capability.Connector, "$.mcp_servers");
        yield return (Member("\"container\":\"c\""), Capability.StoredHistory, "$.container");
        yield return (Member("\"thread\":{\"type\":\"continue\",\"previous_message_id\":\"m\"}"), Capability.StoredHistory, "$.thread");
        yield return (Member("\"diagnostics\":{\"previous_message_id\":\"m\"}"), Capability.StoredHistory, "$.diagnostics");
        yield return (Member("\"context_management\":{\"edits\":[{\"type\":\"compact_20260112\",\"instructions\":\"x\"}]}"), Capability.StoredHistory, "$.context_management");
        yield return (Member("\"fallbacks\":[{\"model\":\"a\"}]"), Capability.SecondModel, "$.fallbacks");
        yield return (Member("\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]"), Capability.ProviderTool, "$.tools[0]");
        yield return (Member("\"tools\":[{\"type\":\"code_execution_20250825\",\"name\":\"x\"}]"), Capability.ProviderTool, "$.tools[0]");
        yield return (Member("\"tools\":[{\"type\":\"mcp_toolset\",\"mcp_server_name\":\"s\"}]"), Capability.Connector, "$.tools[0]");
        yield return (Member("\"tools\":[{\"type\":\"advisor_20260301\",\"model\":\"a\"}]"), Capability.SecondModel, "$.tools[0]");
        yield return (Member("\"tools\":[{\"type\":\"brand_new_20270101\"}]"), Capability.UnknownPart, "$.tools[0]");
        yield return (Member("\"brand_new\":{\"a\":1}"), Capability.UnknownMember, "$.brand_new");
    }
}
