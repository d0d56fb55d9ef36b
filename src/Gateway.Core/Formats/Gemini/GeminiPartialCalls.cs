using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.Gemini;

/// <summary>
/// Puts together calls whose arguments come in pieces over several chunks. The pieces of one argument must follow each other: where a client would
/// join what another argument's pieces interrupt, the joined text would never have been read.
/// </summary>
internal sealed class GeminiPartialCalls
{
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private int _choice = -1;
    private string _path = "";

    /// <summary>Opens the call of a chunk, or goes on with the one that is open.</summary>
    public void Open(IResponseSink sink, int choice, JsonString name)
    {
        if (_choice == choice && name.IsEmpty)
        {
            return;
        }

        if (_choice >= 0)
        {
            sink.Fault(StreamFaults.BlockStillOpen);
        }

        _choice = choice;
        _path = "";
        _paths.Clear();
        sink.OpenTool(new ToolStart { Choice = choice, Name = name });
    }

    /// <summary>Adds a piece of the argument at <paramref name="path"/>.</summary>
    public void Piece(IResponseSink sink, JsonString path, JsonString text)
    {
        var at = path.ToString();
        if (at != _path)
        {
            _path = at;
            if (!_paths.Add(at))
            {
                sink.Fault(StreamFaults.BlockReopened);
            }
        }

        if (!text.IsEmpty)
        {
            sink.ToolArguments(text, isText: true);
        }
    }

    /// <summary>Ends the chunk's part of the call, and the call unless more of it comes.</summary>
    public void Close(IResponseSink sink, int choice, bool continues)
    {
        if (!continues && _choice == choice)
        {
            _choice = -1;
            sink.CloseTool();
        }
    }
}
