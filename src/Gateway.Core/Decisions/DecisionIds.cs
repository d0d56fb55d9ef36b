using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gateway.Core.Decisions;

/// <summary>
/// Makes decision ids: UUIDv7 (RFC 9562, 5.7), 48 bits of Unix time in milliseconds and 74 random bits, so text order is time order. Random bytes
/// are drawn from the operating system a block at a time, because <see cref="Guid.CreateVersion7(DateTimeOffset)"/> makes a system call for each
/// id; none is used twice. Thread-safe and without locks.
/// </summary>
public sealed class DecisionIds
{
    private const int RandomBytes = 10;
    private Block _block = new();

    /// <summary>A new id for something that began <paramref name="at"/> this time, as 36 characters in lower case.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is before 1970.</exception>
    public string Next(DateTimeOffset at)
    {
        var milliseconds = at.ToUnixTimeMilliseconds();
        ArgumentOutOfRangeException.ThrowIfNegative(milliseconds, nameof(at));
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteUInt16BigEndian(id, (ushort)(milliseconds >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(id[2..], (uint)milliseconds);
        Draw(id[6..]);
        id[6] = (byte)(0x70 | (id[6] & 0x0F));
        id[8] = (byte)(0x80 | (id[8] & 0x3F));
        return new Guid(id, bigEndian: true).ToString("D");
    }

    private void Draw(Span<byte> random)
    {
        while (true)
        {
            var block = Volatile.Read(ref _block);
            if (block.TryTake(random))
            {
                return;
            }

            // Several threads may come here at once: one new block stays, nothing was taken from the others.
            Interlocked.CompareExchange(ref _block, new Block(), block);
        }
    }

    /// <summary>Random bytes for so many ids, each handed out once.</summary>
    private sealed class Block
    {
        private const int Ids = 256;
        private readonly byte[] _bytes = RandomNumberGenerator.GetBytes(Ids * RandomBytes);
        private int _taken;

        public bool TryTake(Span<byte> random)
        {
            var place = Interlocked.Increment(ref _taken) - 1;
            if (place >= Ids)
            {
                return false;
            }

            _bytes.AsSpan(place * RandomBytes, RandomBytes).CopyTo(random);
            return true;
        }
    }
}
