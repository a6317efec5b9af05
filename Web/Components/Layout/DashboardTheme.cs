using MudBlazor;

namespace Dashboard.Web.Components.Layout;

/// <summary>
/// The colours, type and sizes of the design as MudBlazor takes them. The same colours stand in <c>wwwroot/app.css</c> for all else; a test compares
/// them.
/// </summary>
public static class DashboardTheme
{
    private static readonly string[] Roboto = ["Roboto", "system-ui", "sans-serif"];

    public static readonly MudTheme Light = Of("light", new PaletteLight
    {
        Background = "#f5f6f7",
        BackgroundGray = "#eff1f3",
        Surface = "#ffffff",
        TextPrimary = "#1a1e23",
        TextSecondary = "#555d67",
        Divider = "#dde0e4",
        LinesInputs = "#878e98",
        Primary = "#1459a8",
        PrimaryContrastText = "#ffffff",
        Success = "#1a7340",
        Warning = "#855300",
        Error = "#b3261e",
        ErrorContrastText = "#ffffff",
    });

    public static readonly MudTheme Dark = Of("dark", new PaletteDark
    {
        Background = "#111316",
        BackgroundGray = "#23272c",
        Surface = "#191c20",
        TextPrimary = "#e7e9ec",
        TextSecondary = "#a5adb7",
        Divider = "#31363c",
        LinesInputs = "#737c87",
        Primary = "#82b7f7",
        PrimaryContrastText = "#0b1a2c",
        Success = "#70c98f",
        Warning = "#e8b85c",
        Error = "#f59a92",
        ErrorContrastText = "#191c20",
    });

    private static MudTheme Of(string name, Palette palette)
    {
        palette.AppbarBackground = palette.DrawerBackground = palette.Surface;
        palette.AppbarText = palette.DrawerText = palette.ActionDefault = palette.TextPrimary;
        palette.DrawerIcon = palette.TextSecondary;
        palette.LinesDefault = palette.TableLines = palette.DividerLight = palette.Divider;
        var theme = new MudTheme
        {
            PseudoCss = new PseudoCss { Scope = $":root[data-theme={name}]" },
            LayoutProperties =
                new LayoutProperties { AppbarHeight = "48px", DrawerMiniWidthLeft = "72px", DrawerWidthLeft = "208px", DefaultBorderRadius = "6px" },
            Typography = new Typography
            {
                Default = new DefaultTypography { FontFamily = Roboto, FontSize = "13px", LineHeight = "20px", LetterSpacing = "normal" },
                Body1 = new Body1Typography { FontFamily = Roboto, FontSize = "13px", LineHeight = "20px", LetterSpacing = "normal" },
                Body2 = new Body2Typography { FontFamily = Roboto, FontSize = "12px", LineHeight = "16px", LetterSpacing = "normal" },
                Button = new ButtonTypography { FontFamily = Roboto, FontSize = "13px", FontWeight = "500", LineHeight = "20px",
                    LetterSpacing = "normal", TextTransform = "none" },
                H6 = new H6Typography { FontFamily = Roboto, FontSize = "14px", FontWeight = "500", LineHeight = "20px", LetterSpacing = "normal" },
            },
        };
        if (palette is PaletteDark dark)
            theme.PaletteDark = dark;
        else
            theme.PaletteLight = (PaletteLight)palette;
        return theme;
    }
}
