using System.Buffers;
using System.Collections.Concurrent;

namespace Gateway.Core.Telemetry;

/// <summary>
/// The values that a label fed by configuration or traffic may take: a bounded list that only grows. What finds no place is
/// <see cref="Other"/>, so no caller can grow the number of series without end. Names that configuration gives come first: they may use the
/// whole table, names first seen in traffic only three quarters of it.
/// </summary>
public sealed class LabelTable
{
    /// <summary>Stands for every value without a slot. Names may not start with an underscore, so nothing collides with it.</summary>
    public const string Other = "_other";

    /// <summary>Stands for a value that is missing, such as the tenant of a request without a valid key.</summary>
    public const string None = "_none";

    /// <summary>Longest value that gets a slot.</summary>
    public const int MaxLength = 128;

    private const int FixedSlots = 2;

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/@+ ");

    private readonly ConcurrentDictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly string[] _names;
    private readonly int _forTraffic;
    private Action<int>? _added;
    private int _count;

    /// <summary>Makes a table with <paramref name="capacity"/> slots beside <see cref="Other"/> and <see cref="None"/>.</summary>
    public LabelTable(int capacity)
    {
        _names = new string[capacity + FixedSlots];
        _forTraffic = FixedSlots + (capacity - (capacity / 4));
        Add(Other);
        Add(None);
    }

    /// <summary>Number of slots, used or not.</summary>
    public int Size => _names.Length;

    /// <summary>The names that have a slot, by slot. <see cref="Other"/> is 0 and <see cref="None"/> is 1.</summary>
    public ReadOnlySpan<string> Names => _names.AsSpan(0, Volatile.Read(ref _count));

    /// <summary>The name in <paramref name="slot"/>.</summary>
    public string NameOf(int slot) => _names[slot];

    /// <summary>The slot of a value that <see cref="Admit"/> or <see cref="Reserve"/> returned; 0 for anything else.</summary>
    public int SlotOf(string? value) => value is not null && _slots.TryGetValue(value, out var slot) ? slot : 0;

    /// <summary>The word to report for <paramref name="value"/>, first seen in traffic or known.</summary>
    public string Admit(string? value) => value is null ? None : Find(value, _forTraffic);

    /// <summary>Gives a slot to <paramref name="value"/>, which configuration names.</summary>
    public string Reserve(string value) => Find(value, _names.Length);

    /// <summary>
    /// Calls <paramref name="added"/> for each slot there is and for each new one, before a measurement can carry it. One observer.
    /// </summary>
    public void Observe(Action<int> added)
    {
        lock (_gate)
        {
            _added = added;
            for (var slot = 0; slot < _count; slot++)
            {
                added(slot);
            }
        }
    }

    private string Find(string value, int limit)
    {
        if (_slots.TryGetValue(value, out var slot))
        {
            return _names[slot];
        }

        if (Volatile.Read(ref _count) >= limit || !IsPlain(value))
        {
            return Other;
        }

        lock (_gate)
        {
            return _slots.TryGetValue(value, out slot) ? _names[slot] : _count < limit ? Add(value) : Other;
        }
    }

    private string Add(string value)
    {
        _names[_count] = value;
        _added?.Invoke(_count);
        _slots[value] = _count;
        Volatile.Write(ref _count, _count + 1);
        return value;
    }

    private static bool IsPlain(string value) =>
        value.Length is > 0 and <= MaxLength && value[0] != '_' && !value.AsSpan().ContainsAnyExcept(Plain);
}
