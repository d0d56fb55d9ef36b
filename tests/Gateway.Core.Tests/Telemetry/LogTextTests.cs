using CsCheck;
using Gateway.Core.Telemetry;
using Xunit;

namespace Gateway.Core.Tests.Telemetry;

public sealed class LogTextTests
{
    [Fact]
    public void Clean_plain_text_returns_itself()
    {
        var text = new string("gpt-4o-mini");

        Assert.Same(text, LogText.Clean(text));
    }

    [Fact]
    public void Clean_null_is_null() => Assert.Null(LogText.Clean(null));

    [Theory]
    [InlineData("a\r\nb", "a\uFFFD\uFFFDb")]
    [InlineData("\u001b[2J", "\uFFFD[2J")]
    [InlineData("a\u2028b\u2029c\u0085d", "a\uFFFDb\uFFFDc\uFFFDd")]
    [InlineData("\u202Eevil\u2066", "\uFFFDevil\uFFFD")]
    [InlineData("zero\u200Bwidth\uFEFF", "zero\uFFFDwidth\uFFFD")]
    [InlineData("{0} {@x} \"},{\"@l\":\"Fatal\"", "{0} {@x} \"},{\"@l\":\"Fatal\"")]
    public void Clean_replaces_what_can_forge_or_hide(string text, string expected) => Assert.Equal(expected, LogText.Clean(text));

    [Fact]
    public void Clean_megabyte_is_cut() => Assert.Equal(new string('a', 128), LogText.Clean(new string('a', 1024 * 1024)));

    [Fact]
    public void Clean_never_cuts_a_surrogate_pair() => Assert.Equal(new string('a', 127), LogText.Clean(new string('a', 127) + "😀"));

    [Fact]
    public void Clean_any_text_is_bounded_and_has_no_control_characters() => Gen.String.Sample(text =>
        LogText.Clean(text).Length <= LogText.MaxLength && !LogText.Clean(text).Any(char.IsControl));
}
