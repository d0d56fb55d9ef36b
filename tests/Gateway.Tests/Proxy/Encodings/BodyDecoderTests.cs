using CsCheck;
using Gateway.Proxy.Encodings;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proxy.Encodings;

public sealed class BodyDecoderTests
{
    private const long Most = 8 * 1024 * 1024;
    private static readonly byte[] Text = [.. Enumerable.Range(0, 5000).Select(i => (byte)('a' + (i * i % 26)))];

    public static TheoryData<string> Codings => [.. Compression.Known];

    [Theory]
    [MemberData(nameof(Codings))]
    public void Decode_gives_back_what_was_packed(string coding) =>
        Gen.Byte.Array[1, 70_000].Select(Gen.Int[1, 40]).Sample((noise, spread) =>
        {
            // From noise to long runs: stored blocks, literals and matches.
            byte[] bytes = [.. noise.Select(value => (byte)(value / spread * spread))];
            Assert.Equal(bytes, Unpack(Compression.Pack(bytes, coding), coding, out var fault));
            Assert.Equal(BodyFault.None, fault);
        }, iter: 150);

    [Theory]
    [MemberData(nameof(Codings))]
    public void Decode_body_that_ends_early_is_refused_at_every_length(string coding)
    {
        var packed = Compression.Pack(Text, coding);
        for (var length = 0; length < packed.Length; length++)
        {
            Assert.Null(Unpack(packed[..length], coding, out var fault));
            Assert.NotEqual(BodyFault.None, fault);
        }
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public void Decode_trailing_bytes_are_refused(string coding)
    {
        var packed = Compression.Pack(Text, coding);
        foreach (var trailing in new byte[][] { [0], [0x1F, 0x8B], new byte[9], packed[..^1], packed[^8..] })
        {
            Assert.Null(Unpack([.. packed, .. trailing], coding, out var fault));
            Assert.NotEqual(BodyFault.None, fault);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public void Decode_second_member_is_refused(string coding)
    {
        var packed = Compression.Pack(Text, coding);
        Assert.Null(Unpack([.. packed, .. packed], coding, out var fault));
        Assert.Equal(BodyFault.TrailingData, fault);
    }

    [Fact]
    public void Decode_zstandard_frames_are_all_decoded()
    {
        var packed = Compression.Pack(Text, "zstd");
        Assert.Equal([.. Text, .. Text], Unpack([.. packed, .. packed], "zstd", out _)!);
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public void Decode_never_throws_and_never_exceeds_its_limit(string coding)
    {
        var packed = Compression.Pack(Text, coding);
        Gen.Select(Gen.Int[0, packed.Length - 1], Gen.Byte, Gen.Int[1, 6000]).Sample((at, value, most) =>
        {
            byte[] broken = [.. packed];
            broken[at] = value;
            using var decoded = BodyDecoder.Decode(broken, Parse(coding), most, out var fault);
            Assert.Equal(decoded is null, fault != BodyFault.None);
            Assert.True(decoded is null || decoded.Length <= most);
        }, iter: 2000);
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public void Decode_exactly_the_limit_is_allowed_and_one_byte_more_is_too_large(string coding)
    {
        var packed = Compression.Pack(Text, coding);
        using var whole = BodyDecoder.Decode(packed, Parse(coding), Text.Length, out var fault);
        Assert.Equal(BodyFault.None, fault);
        Assert.Null(BodyDecoder.Decode(packed, Parse(coding), Text.Length - 1, out fault));
        Assert.Equal(BodyFault.TooLarge, fault);
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public void Decode_bomb_is_refused_for_its_ratio(string coding)
    {
        Assert.Null(BodyDecoder.Decode(Compression.Bomb(4 * Most, coding), Parse(coding), Most, out var fault));
        Assert.True(fault is BodyFault.Ratio or BodyFault.TooLarge, $"{fault}");
    }

    [Fact]
    public void Decode_zstandard_window_above_eight_mebibytes_is_refused()
    {
        using var compressor = new ZstdSharp.Compressor(1);
        compressor.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_windowLog, 27);
        compressor.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_contentSizeFlag, 0);
        using var packed = new MemoryStream();
        using (var stream = new ZstdSharp.CompressionStream(packed, compressor))
        {
            stream.Write(Text);
            stream.Flush();
            stream.Write(Text);
        }

        Assert.Null(Unpack(packed.ToArray(), "zstd", out var fault));
        Assert.Equal(BodyFault.Invalid, fault);
    }

    [Fact]
    public void Decode_gzip_with_every_optional_header_field_is_read()
    {
        var plain = Compression.Pack(Text, "gzip");
        byte[] header = [0x1F, 0x8B, 8, 0x1E, 0, 0, 0, 0, 0, 255, 3, 0, 1, 2, 3, (byte)'n', 0, (byte)'c', 0, 9, 9];
        Assert.Equal(Text, Unpack([.. header, .. plain[10..]], "gzip", out _));
    }

    [Fact]
    public void Decode_gzip_with_another_checksum_or_length_is_refused()
    {
        var packed = Compression.Pack(Text, "gzip");
        for (var i = 1; i <= 8; i++)
        {
            byte[] broken = [.. packed];
            broken[^i] ^= 1;
            Assert.Null(Unpack(broken, "gzip", out var fault));
            Assert.Equal(BodyFault.Invalid, fault);
        }
    }

    private static BodyEncoding Parse(string coding)
    {
        Assert.True(BodyEncodings.TryParse(new Microsoft.Extensions.Primitives.StringValues(coding), out var encoding));
        return encoding;
    }

    private static byte[]? Unpack(byte[] packed, string coding, out BodyFault fault)
    {
        using var decoded = BodyDecoder.Decode(packed, Parse(coding), Most, out fault);
        return decoded?.Written.ToArray();
    }
}
