using System.Text;
using Gateway.Core.Formats;
using Xunit;

namespace Gateway.Core.Tests.Formats.Requests;

/// <summary>Bodies that two parsers could read in two ways. Each is refused in every format, wherever in the body the ambiguity stands.</summary>
public sealed class AmbiguousBodyTests
{
    public static TheoryData<string, string, string> Bodies()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var format in WireFormats.All.Where(TakesMessages))
        {
            foreach (var (body, reason) in format.Endpoints[0].Provider == "gemini" ? AmbiguousGemini() : Ambiguous())
            {
                data.Add(format.Id.ToString(), body, reason);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void ReadRequest_ambiguous_body_is_refused(string format, string body, string reason)
    {
        body = format == nameof(FormatId.OpenAIResponses) ? InResponses(body) : body;
        var fault = Reading.Of(WireFormats.All.Single(candidate => candidate.Id.ToString() == format), body).Fault;
        Assert.Equal(reason, fault?.Reason);
    }

    [Fact]
    public void ReadRequest_invalid_utf8_anywhere_is_refused()
    {
        var body = Encoding.UTF8.GetBytes("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"metadata":{"user_id":"?"}}""");
        for (var at = 0; at < body.Length; at++)
        {
            var damaged = (byte[])body.Clone();
            damaged[at] = 0xFF;
            Assert.Equal("not_utf8", Reading.Of(Reading.OpenAI, damaged).Fault?.Reason);
        }
    }

    // The members have other names there.
    private static string InResponses(string body) => body
        .Replace("\"messages\"", "\"input\"", StringComparison.Ordinal)
        .Replace("me\u017F\u017Fages", "in\u017Ftruction\u017F", StringComparison.Ordinal)
        .Replace("me\\u017fsages", "in\\u017ftructions", StringComparison.Ordinal)
        .Replace("\"max_to", "\"max_output_to", StringComparison.Ordinal);

    // The bodies below are conversations.
    private static bool TakesMessages(IWireFormat format) => format.Id is FormatId.OpenAIChat or FormatId.OpenAIResponses or FormatId.AnthropicMessages or FormatId.AnthropicCountTokens;

    private static IEnumerable<(string Body, string Reason)> Ambiguous() =>
    [
        (Body("", "\"model\":\"other\","), "duplicate_key"),
        (Body("", "\"mod\\u0065l\":\"other\","), "duplicate_key"),
        (Body("", "\"messages\":[],"), "duplicate_key"),
        (Body("\"role\":\"system\",", ""), "duplicate_key"),
        (Body("\"\\u0072ole\":\"system\",", ""), "duplicate_key"),
        (Body("\"x\":{\"deep\":[{\"a\":1,\"a\":2}]},", ""), "duplicate_key"),
        (Body("", "\"Model\":\"other\","), "key_case_variant"),
        (Body("", "\"me\u017F\u017Fages\":[],"), "key_case_variant"),
        (Body("", "\"me\\u017fsages\":[],"), "key_case_variant"),
        (Body("", "\"max_to\u212Aens\":1,"), "key_case_variant"),
        (Body("", "\"STREAM\":true,"), "key_case_variant"),
        (Body("", "\"Tools\":[],"), "key_case_variant"),
        (Body("\"Content\":\"hidden\",", ""), "key_case_variant"),
        (Body("\"ROLE\":\"system\",", ""), "key_case_variant"),
        (Body("\"x\":\"\\ud800\",", ""), "lone_surrogate"),
        (Body("\"\\udc00\":1,", ""), "lone_surrogate"),
        ("\uFEFF" + Body("", ""), "bom"),
        (Body("", "") + "x", "trailing_bytes"),
        (Body("", "") + Body("", ""), "trailing_bytes"),
        (Body("", "") + "\0", "trailing_bytes"),
        (Body("\"x\":" + new string('[', 80) + new string(']', 80) + ",", ""), "too_deep"),
        (Body("", "\"temperature\":1e999,"), "number_out_of_range"),
        (Body("", "\"temperature\":NaN,"), "not_json"),
        (Body("", "\"temperature\":Infinity,"), "not_json"),
        (Body("", "/**/"), "not_json"),
        (Body("", ","), "not_json"),
        (Body("", "\"x\":'y',"), "not_json"),
        (Body("", "\"stream\":\"true\","), "wrong_type"),
        (Body("", "\"stream\":1,"), "wrong_type"),
        (Body("", "\"stream\":[true],"), "wrong_type"),
        (Body("", "\"temperature\":\"1\","), "wrong_type"),
        ("[" + Body("", "") + "]", "not_an_object"),
        ("", "empty_body"),
        ("   ", "empty_body"),
        ("{}", "missing_field"),
    ];

    private static IEnumerable<(string Body, string Reason)> AmbiguousGemini() =>
    [
        (Gemini("", "\"model\":\"other\","), "duplicate_key"),
        (Gemini("", "\"mod\\u0065l\":\"other\","), "duplicate_key"),
        (Gemini("\"x\":{\"deep\":[{\"a\":1,\"a\":2}]},", ""), "duplicate_key"),
        (Gemini("", "\"Model\":\"other\","), "key_case_variant"),
        (Gemini("", "\"mo_del\":\"other\","), "key_case_variant"),
        (Gemini("\"x\":\"\\ud800\",", ""), "lone_surrogate"),
        ("\uFEFF" + Gemini("", ""), "bom"),
        (Gemini("", "") + "x", "trailing_bytes"),
        (Gemini("\"x\":" + new string('[', 80) + new string(']', 80) + ",", ""), "too_deep"),
        (Gemini("", "\"temperature\":1e999,"), "number_out_of_range"),
        (Gemini("", "\"x\":NaN,"), "not_json"),
        ("[" + Gemini("", "") + "]", "not_an_object"),
        ("", "empty_body"),
        ("{}", "missing_field"),
    ];

    private static string Gemini(string inMember, string inBody) =>
        "{" + inBody + "\"model\":\"models/m\",\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"labels\":{" + inMember + "\"a\":1}}";

    private static string Body(string inMessage, string inBody) =>
        "{" + inBody + "\"model\":\"m\",\"max_tokens\":1,\"messages\":[{" + inMessage + "\"role\":\"user\",\"content\":\"x\"}]}";
}
