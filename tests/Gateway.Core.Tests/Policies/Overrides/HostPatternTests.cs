using Gateway.Core.Detection.Patterns;
using Gateway.Core.Policies.Overrides;
using Xunit;

namespace Gateway.Core.Tests.Policies.Overrides;

public sealed class HostPatternTests
{
    [Theory]
    [InlineData("https://evil.example/x")]
    [InlineData("http://evil.example")]
    [InlineData("//evil.example/x")]
    [InlineData("HTTPS://EVIL.Example/")]
    [InlineData("https://www.cdn.evil.example/x")]
    [InlineData("https://good.example@evil.example/")]
    [InlineData("https://user:pw@evil.example:8443/x")]
    [InlineData(@"https:\\evil.example\x")]
    [InlineData(@"https://evil.example\@good.example")]
    [InlineData("https://evil.example./x")]
    [InlineData("see evil.example.")]
    [InlineData("https://evil%2Eexample/")]
    [InlineData("https://%65vil.exampl%45/")]
    [InlineData("https://good.example/?to=https%3A%2F%2Fevil.example%2Fx")]
    [InlineData("https://good.example/?to=https%253A%252F%252Fevil%252Eexample")]
    [InlineData("https://ｅｖｉｌ。example/")]
    [InlineData("https://ev\u00adil\u200b.exa\u2060mple/")]
    [InlineData("https://ev\til.exam\nple/")]
    [InlineData("hxxps://evil[.]example/")]
    [InlineData(@"{""url"":""https:\/\/evil.example\/x""}")]
    [InlineData(@"line\nevil.example")]
    [InlineData("請看evil.example下載")]
    [InlineData("_evil.example_")]
    [InlineData("mail bob@evil.example")]
    [InlineData("evil.example?x")]
    [InlineData("evil.example#x")]
    public void Match_another_spelling_of_the_host_is_found(string text) => Assert.True(Finds("evil.example", text));

    [Theory]
    [InlineData("https://notevil.example/")]
    [InlineData("https://my-evil.example/")]
    [InlineData("https://evil.example.com/")]
    [InlineData("https://evil.examples/")]
    [InlineData("https://evil.example-shop/")]
    [InlineData("https://evilexample/")]
    [InlineData("https://evil-example/")]
    [InlineData("https://good.example/evil")]
    public void Match_another_host_is_not_found(string text) => Assert.False(Finds("evil.example", text));

    [Theory]
    [InlineData("bücher.example", "https://xn--bcher-kva.example/")]
    [InlineData("xn--bcher-kva.example", "https://bücher.example/")]
    [InlineData("bücher.example", "https://BÜCHER.example/")]
    [InlineData("bücher.example", "https://b%C3%BCcher.example/")]
    [InlineData("Evil.Example.", "https://evil.example")]
    [InlineData("10.0.0.1", "http://10.0.0.1:8080/")]
    public void Match_international_name_is_found_in_both_forms(string host, string text) => Assert.True(Finds(host, text));

    [Fact]
    public void Create_long_name_is_possible()
    {
        var label = new string('a', 63);
        Assert.NotNull(HostPattern.Create($"{label}.{label}.example"));
    }

    [Fact]
    public void Match_in_pieces_is_found_like_the_whole()
    {
        const string Text = "go to https://x@ev%69l.example./ now";
        var set = PatternSet.Compile([HostPattern.Create("evil.example")!]);
        for (var split = 0; split <= Text.Length; split++)
        {
            var scanner = set.CreateScanner();
            scanner.Feed(Text.AsSpan(0, split));
            scanner.Feed(Text.AsSpan(split));
            scanner.Complete();
            Assert.True(scanner.HasMatch);
        }
    }

    private static bool Finds(string host, string text)
    {
        var set = PatternSet.Compile([HostPattern.Create(host)!]);
        return set.MatchesAny(text, new PatternMatch[1]) > 0;
    }
}
