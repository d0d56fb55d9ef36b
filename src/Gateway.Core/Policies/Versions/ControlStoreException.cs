namespace Gateway.Core.Policies.Versions;

/// <summary>A change could not be kept, so it was not made: the store cannot be reached or written. The message is for operators.</summary>
public sealed class ControlStoreException(string message, Exception? inner = null) : Exception(message, inner);
