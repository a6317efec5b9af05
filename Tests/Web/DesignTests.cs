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

    [Fact]
    public void Icons_OfThePages_AreDrawn()
    {
        var drawn = Symbol().Matches(File.ReadAllText(Path.Combine(Root, "wwwroot/icons.svg"))).Select(match => match.Groups[1].Value).ToHashSet();
        var used = Directory.EnumerateFiles(Path.Combine(Root, "Web"), "*.razor", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .SelectMany(path => UsedIcon().Matches(File.ReadAllText(path)))
            .SelectMany(match =>
                match.Groups[1].Success ? [match.Groups[1].Value] : Word().Matches(match.Groups[2].Value).Select(word => word.Groups[1].Value));

        Assert.Empty(used.Where(name => !drawn.Contains(name)).Distinct());
    }

    [GeneratedRegex("--([a-z0-9]+): (#[0-9a-f]{6});")]
    private static partial Regex Token();

    [GeneratedRegex("symbol id=\"([a-z_]+)\"")]
    private static partial Regex Symbol();

    [GeneratedRegex("""<Icon Name="(?:([a-z_]+)|@\(([^>]*?)\))" />""")]
    private static partial Regex UsedIcon();

    [GeneratedRegex("[?:] \"([a-z_]+)\"")]
    private static partial Regex Word();
}
