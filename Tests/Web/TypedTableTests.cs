using Dashboard.Web.Launch;

namespace Dashboard.Tests.Web;

public sealed class TypedTableTests
{
    private static readonly TypedTable Table = TypedTable.Parse("train=railway, track; boat=sea");

    [Fact]
    public void With_HalfAWord_ComesBackAsTyped()
    {
        var typed = Table.With("boat", "sea, ri ");

        Assert.Equal("train=railway, track; boat=sea, ri ", typed.ToString());
        Assert.Equal("sea, ri ", TypedTable.Parse(typed.ToString())["boat"]);
        Assert.Equal(["sea", "ri"], typed.Words("boat"));
    }

    [Fact]
    public void With_NoWords_TakesTheRowAway() => Assert.Equal("boat=sea", Table.With("train", "").ToString());

    [Fact]
    public void With_AnotherName_AddsARow() => Assert.Equal("train=railway, track; boat=sea; cat=sofa", Table.With("cat", "sofa").ToString());

    [Fact]
    public void With_Semicolon_DoesNotEndTheRow() => Assert.Equal("train=railway, track; boat=sea,river", Table.With("boat", "sea;river").ToString());

    [Fact]
    public void Parse_NoTable_KeepsNamesWithoutWords() => Assert.Equal(["railway"], TypedTable.Parse("railway").Names);
}
