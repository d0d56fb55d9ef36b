using Gateway.Core.Telemetry;
using Xunit;

namespace Gateway.Core.Tests.Telemetry;

public sealed class LabelTableTests
{
    [Fact]
    public void Admit_null_is_none() => Assert.Equal("_none", new LabelTable(4).Admit(null));

    [Fact]
    public void Admit_beyond_three_quarters_is_other()
    {
        var table = new LabelTable(4);

        Assert.Equal(["a", "b", "c", "_other"], new[] { "a", "b", "c", "d" }.Select(table.Admit));
    }

    [Fact]
    public void Reserve_uses_what_traffic_may_not()
    {
        var table = new LabelTable(4);
        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            table.Admit(name);
        }

        Assert.Equal(["named", "_other"], new[] { "named", "late" }.Select(table.Reserve));
    }

    [Fact]
    public void Admit_known_returns_the_same_object()
    {
        var table = new LabelTable(4);
        var first = table.Reserve(new string("acme"));

        Assert.Same(first, table.Admit(new string("acme")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("_mine")]
    [InlineData("line\nbreak")]
    [InlineData("quote\"d")]
    [InlineData("back\\slash")]
    [InlineData("ünïcode")]
    public void Admit_odd_name_is_other(string name) => Assert.Equal("_other", new LabelTable(4).Admit(name));

    [Fact]
    public void Admit_long_name_is_other() => Assert.Equal("_other", new LabelTable(4).Admit(new string('a', 129)));

    [Fact]
    public void Admit_hostile_flood_keeps_the_table_bounded()
    {
        var table = new LabelTable(8);
        Parallel.For(0, 5000, i => table.Admit($"tenant-{i}"));

        Assert.Equal(8, table.Names.Length);
    }

    [Fact]
    public void Observe_sees_a_slot_before_anyone_can_use_it()
    {
        var table = new LabelTable(4);
        var slots = new List<string>();
        table.Observe(slot =>
        {
            slots.Add(table.NameOf(slot));
            Assert.True(slot < 2 || table.SlotOf(table.NameOf(slot)) == 0);
        });

        table.Admit("acme");

        Assert.Equal(["_other", "_none", "acme"], slots);
    }

    [Fact]
    public void SlotOf_unknown_is_other() => Assert.Equal("_other", new LabelTable(4).NameOf(new LabelTable(4).SlotOf("stranger")));
}
