using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Serilog.Events;

namespace Gateway.Telemetry;

/// <summary>
/// Writes log events as CLEF: one JSON object a line, UTF-8, everything outside printable ASCII escaped, so that no value can forge a line or
/// drive a terminal. Of an exception only types and stacks are written: messages may quote input. Not thread-safe.
/// </summary>
internal sealed class ClefWriter : IDisposable
{
    private const int MaxText = 256;
    private const int MaxDepth = 4;
    private const int MaxItems = 20;

    private static readonly JsonEncodedText Time = JsonEncodedText.Encode("@t");
    private static readonly JsonEncodedText Template = JsonEncodedText.Encode("@mt");
    private static readonly JsonEncodedText Level = JsonEncodedText.Encode("@l");
    private static readonly JsonEncodedText Exception = JsonEncodedText.Encode("@x");
    private static readonly JsonEncodedText Trace = JsonEncodedText.Encode("@tr");
    private static readonly JsonEncodedText Span = JsonEncodedText.Encode("@sp");

    // The path is whatever a client wrote; the category repeats what the event id says.
    private static readonly string[] Unwanted = ["RequestPath", "SourceContext"];

    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);
    private readonly Utf8JsonWriter _json;

    public ClefWriter() => _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });

    /// <summary>The lines written since <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Lines => _buffer.WrittenMemory;

    public void Clear() => _buffer.ResetWrittenCount();

    public void Write(LogEvent logEvent)
    {
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _json.WriteString(Time, logEvent.Timestamp.UtcDateTime);
        _json.WriteString(Template, logEvent.MessageTemplate.Text);
        if (logEvent.Level != LogEventLevel.Information)
        {
            _json.WriteString(Level, LevelName(logEvent.Level));
        }

        if (logEvent.Exception is { } exception)
        {
            _json.WriteString(Exception, ExceptionText.Of(exception));
        }

        if (logEvent.TraceId is { } trace)
        {
            _json.WriteString(Trace, trace.ToHexString());
        }

        if (logEvent.SpanId is { } span)
        {
            _json.WriteString(Span, span.ToHexString());
        }

        WriteProperties(logEvent);
        _json.WriteEndObject();
        _json.Flush();
        _buffer.Write("\n"u8);
    }

    public void Dispose() => _json.Dispose();

    private void WriteProperties(LogEvent logEvent)
    {
        foreach (var (name, value) in logEvent.Properties)
        {
            if (!Unwanted.Contains(name))
            {
                _json.WritePropertyName(name.StartsWith('@') ? "@" + name : name);
                WriteValue(value, 0);
            }
        }
    }

    private void WriteValue(LogEventPropertyValue value, int depth)
    {
        switch (value)
        {
            case ScalarValue scalar:
                WriteScalar(scalar.Value);
                break;
            case SequenceValue sequence when depth < MaxDepth:
                _json.WriteStartArray();
                foreach (var item in sequence.Elements.Take(MaxItems))
                {
                    WriteValue(item, depth + 1);
                }

                _json.WriteEndArray();
                break;
            case StructureValue structure when depth < MaxDepth:
                _json.WriteStartObject();
                foreach (var property in structure.Properties.Take(MaxItems))
                {
                    _json.WritePropertyName(property.Name);
                    WriteValue(property.Value, depth + 1);
                }

                _json.WriteEndObject();
                break;
            default:
                _json.WriteNullValue();
                break;
        }
    }

    private void WriteScalar(object? value)
    {
        switch (value)
        {
            case null:
                _json.WriteNullValue();
                break;
            case string text:
                WriteText(text);
                break;
            case int number:
                _json.WriteNumberValue(number);
                break;
            case long number:
                _json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                _json.WriteNumberValue(number);
                break;
            case bool flag:
                _json.WriteBooleanValue(flag);
                break;
            default:
                WriteText(Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty);
                break;
        }
    }

    private void WriteText(string text) => _json.WriteStringValue(text.AsSpan(0, Math.Min(text.Length, MaxText)));

    private static string LevelName(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "Verbose",
        LogEventLevel.Debug => "Debug",
        LogEventLevel.Warning => "Warning",
        LogEventLevel.Error => "Error",
        _ => "Fatal",
    };
}
