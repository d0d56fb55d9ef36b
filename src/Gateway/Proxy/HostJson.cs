using System.Text.Json.Serialization;

namespace Gateway.Proxy;

[JsonSerializable(typeof(string))]
internal sealed partial class HostJson : JsonSerializerContext;
