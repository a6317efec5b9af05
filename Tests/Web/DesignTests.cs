using System.Reflection;
using System.Text.RegularExpressions;
using Dashboard.Web.Components.Layout;
using MudBlazor;
using MudBlazor.Utilities;

namespace Dashboard.Tests.Web;

/// <summary>What the pages, their styles and MudBlazor must say alike.</summary>
public sealed partial class DesignTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(
        typeof(DesignTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Fixtures").Value!, "..",
        ".."));
    private static readonly string Styles = File.ReadAllText(Path.Combine(Root, "wwwroot/app.css"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Theme_OfMudBlazor_HasTheColoursOfTheStyles(bool dark)
    {
        Palette palette = dark ? DashboardTheme.Dark.PaletteDark : DashboardTheme.Light.PaletteLight;
        var block = Styles[Styles.IndexOf(dark ? ":root[data-theme=\"dark\"]" : ":root {", StringComparison.Ordinal)..];
        var tokens = Token().Matches(block[..block.IndexOf('}')]).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

        Assert.Equal(
            [tokens["bg"], tokens["raised"], tokens["surface"], tokens["text"], tokens["text2"], tokens["line"], tokens["edge"], tokens["blue"],
                tokens["onblue"], tokens["green"], tokens["amber"], tokens["red"]],
            new[] { palette.Background, palette.BackgroundGray, palette.Surface, palette.TextPrimary, palette.TextSecondary, palette.Divider,
                palette.LinesInputs,
                palette.Primary, palette.PrimaryContrastText, palette.Success, palette.Warning, palette.Error }.Select(colour =>
                    colour.ToString(MudColorOutputFormats.Hex)));
    }

    /// <summary>The build takes them out of MudBlazor's style sheet (Web/Assets.targets).</summary>
    [Fact]
    public void SpacingByWidth_OfMudBlazor_IsUsedNowhere()
    {
        var styles = File.ReadAllText(Path.Combine(Root, "wwwroot/lib/mudblazor/MudBlazor.min.css"));
        Assert.DoesNotContain("pa-sm-4", styles, StringComparison.Ordinal);
        Assert.Contains("pa-4{", styles, StringComparison.Ordinal);
        Assert.Contains(".mud-grid-item-sm-4{", styles, StringComparison.Ordinal);
        Assert.DoesNotContain(Sources("*.razor").Concat(Sources("*.cs")), path => SpacingByWidth().IsMatch(File.ReadAllText(path)));
    }

    [Fact]
    public void Icons_OfThePages_AreDrawn()
    {
        var drawn = Symbol().Matches(File.ReadAllText(Path.Combine(Root, "wwwroot/icons.svg"))).Select(match => match.Groups[1].Value).ToHashSet();
        var used = Sources("*.razor").SelectMany(path => UsedIcon().Matches(File.ReadAllText(path)))
            .SelectMany(match =>
                match.Groups[1].Success ? [match.Groups[1].Value] : Word().Matches(match.Groups[2].Value).Select(word => word.Groups[1].Value));

        Assert.Empty(used.Where(name => !drawn.Contains(name)).Distinct());
    }

    private static IEnumerable<string> Sources(string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, "Web"), pattern, SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal));

    [GeneratedRegex(@"[\s""'][mp][trblxyaes]?-(?:sm|md|lg|xl|xxl)-")]
    private static partial Regex SpacingByWidth();

    [GeneratedRegex("--([a-z0-9]+): (#[0-9a-f]{6});")]
    private static partial Regex Token();

    [GeneratedRegex("symbol id=\"([a-z_]+)\"")]
    private static partial Regex Symbol();

    [GeneratedRegex("""<Icon Name="(?:([a-z_]+)|@\(([^>]*?)\))" />""")]
    private static partial Regex UsedIcon();

    [GeneratedRegex("[?:] \"([a-z_]+)\"")]
    private static partial Regex Word();
}
