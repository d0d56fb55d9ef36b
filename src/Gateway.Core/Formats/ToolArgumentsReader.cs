using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats;

/// <summary>Reads the collected arguments of a streamed tool call, once the call is whole.</summary>
public static class ToolArgumentsReader
{
    /// <summary>
    /// Adds every string and property name of <paramref name="arguments"/> to <paramref name="content"/>. False: not JSON, or a member stands twice
    /// so that two parsers would call the tool with different arguments. What was read until then is in <paramref name="content"/>.
    /// </summary>
    public static bool TryRead(string arguments, MessageContent content) =>
        NestedJson.Walk(arguments, new Leaves(content), choice: -1) == NestedJsonFault.None;

    private sealed class Leaves(MessageContent content) : INestedSink
    {
        public void Leaf(JsonString text, bool isKey, int choice)
        {
            var length = text.Decode(content.Reserve(text.MaxLength));
            content.Add(Surface.ToolArguments, Trust.Model, SegmentFlags.Nested | (isKey ? SegmentFlags.Key : 0), choice, text.TokenStart, length);
        }
    }
}
