using CsCheck;
using Gateway.Core.Policies.Effective;
using Xunit;

namespace Gateway.Core.Tests.Policies.Effective;

public sealed class SettingPathTests
{
    private static readonly Gen<string> Name = Gen.String[Gen.OneOf(Settings.AnyOf('a', 'b', '"', '\\', ']', '[', '.', 'u', '0', '\n', '\u202e'), Gen.Char), 0, 8];

    [Fact]
    public void Element_two_names_never_have_the_same_text() => Gen.Select(Name, Name).Sample((left, right) =>
        Assert.Equal(left == right, SettingPath.Root.Key("x").Element(left).Text == SettingPath.Root.Key("x").Element(right).Text), iter: 5_000);

    [Fact]
    public void Element_name_cannot_drive_a_terminal_or_end_a_line() => Name.Sample(name =>
        Assert.DoesNotContain(SettingPath.Root.Key("x").Element(name).Text, character => char.IsControl(character) || character == '\u202e' || char.IsSurrogate(character)));

    [Fact]
    public void Key_below_an_element_belongs_to_it()
    {
        var path = SettingPath.Root.Key("guards").Key("content").Element("r").Key("terms").Element("free money");

        Assert.Equal(("guards.content[r].terms[\"free money\"]", "guards.content[].terms[]", "free money", "guards.content[r]"), (path.Text, path.Pattern, path.Name, path.Owner));
    }
}
