using Dashboard.Web.Components.Pages.Runs.Columns;

namespace Dashboard.Tests.Components;

public sealed class RunColumnsTests
{
    [Fact]
    public void Parse_GivesBackWhatWasWritten()
    {
        var columns = RunColumns.Usual.Show("loss", false).Resize("name", 320).Resize("state", 180).Pin("method", true).Pin("name", true);

        Assert.Equal([("hide", "loss"), ("widths", "name:320,state:180"), ("pin", "name,method")],
            columns.Choices.Select(choice => (choice.Name, choice.Values.ToString())));
        var read = RunColumns.Parse("loss", "name:320,state:180", "method,name");
        Assert.Equal(["name", "method"], read.Pinned);
        Assert.Equal((320, 180, 58), (Width(read, "name"), Width(read, "state"), Width(read, "device")));
    }

    /// <summary>An address may say anything.</summary>
    [Fact]
    public void Parse_WhatMakesNoSense_IsLeftOut() =>
        Assert.True(RunColumns.Parse("state,nosuch", "name:9999,state:-3,nosuch:80,age,method:x", "nosuch,").IsUsual);

    [Fact]
    public void Resize_StaysWithinBoundsAndGoesBackToTheUsual()
    {
        Assert.Equal(RunColumns.Narrowest, Width(RunColumns.Usual.Resize("state", 3), "state"));
        Assert.True(RunColumns.Usual.Resize("state", 300).Resize("state", null).IsUsual);
        Assert.True(RunColumns.Usual.Resize("nosuch", 300).IsUsual);
    }

    /// <summary>Each begins where those pinned before it end.</summary>
    [Fact]
    public void Style_OfPinnedColumns_AddsUpWhatIsLeftOfThem()
    {
        var style = RunColumns.Usual.Pin("state", true).Pin("name", true).Style;

        Assert.Contains("--width-name: 226px;", style);
        Assert.Contains("--left-name: calc(44px);", style);
        Assert.Contains("--left-state: calc(44px + var(--name, 0px));", style);
    }

    private static int Width(RunColumns columns, string key) => columns.WidthOf(RunColumns.All.Single(column => column.Key == key));
}
