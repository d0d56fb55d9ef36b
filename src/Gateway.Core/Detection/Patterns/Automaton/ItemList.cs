namespace Gateway.Core.Detection.Patterns.Automaton;

/// <summary>A growable list of integers whose storage is kept, so that refilling it does not allocate.</summary>
internal sealed class ItemList
{
    private int[] _items = new int[16];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Items => _items.AsSpan(0, Count);

    public void Add(int item)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        _items[Count++] = item;
    }

    public int Pop() => _items[--Count];

    public void Clear() => Count = 0;

    public void Set(ReadOnlySpan<int> items)
    {
        Clear();
        Append(items);
    }

    public void Append(ReadOnlySpan<int> items)
    {
        foreach (int item in items)
        {
            Add(item);
        }
    }

    public void Sort() => _items.AsSpan(0, Count).Sort();

    public void RemoveWhere(Predicate<int> predicate)
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if (!predicate(_items[i]))
            {
                _items[kept++] = _items[i];
            }
        }

        Count = kept;
    }
}
