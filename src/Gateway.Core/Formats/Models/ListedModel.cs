using System.Buffers;

namespace Gateway.Core.Formats.Models;

/// <summary>A model as lists of models describe it.</summary>
/// <param name="Id">The name that requests use.</param>
/// <param name="DisplayName">Its name for people; null: the id.</param>
/// <param name="Created">Seconds since 1970; 0: not known.</param>
/// <param name="Owner">Who made it; null: not known.</param>
public sealed record ListedModel(string Id, string? DisplayName = null, long Created = 0, string? Owner = null);

/// <summary>Which part of a list is asked for. All null: the whole.</summary>
/// <param name="Limit">Most models in the answer.</param>
/// <param name="After">Only models after this id.</param>
/// <param name="Before">Only models before this id.</param>
public readonly record struct ModelPage(int? Limit, string? After, string? Before);

/// <summary>
/// A format that lists models. Its requests have no body and are answered by the gateway itself: a provider's list is only asked for what it knows.
/// </summary>
public interface IModelListFormat : IWireFormat
{
    /// <summary>Reads a provider's list; null where it is none. Never throws.</summary>
    IReadOnlyList<ListedModel>? ReadList(ReadOnlyMemory<byte> body);

    /// <summary>Writes the answer to a request for the list.</summary>
    void WriteList(IReadOnlyList<ListedModel> models, ModelPage page, IBufferWriter<byte> output);

    /// <summary>Writes the answer to a request for one model.</summary>
    void WriteOne(ListedModel model, IBufferWriter<byte> output);
}
