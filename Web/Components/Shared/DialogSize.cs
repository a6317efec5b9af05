using MudBlazor;

namespace Dashboard.Web.Components.Shared;

/// <summary>The dialogs of the pages: as wide as they may be, and closed by Escape.</summary>
public static class DialogSize
{
    /// <summary>A question, or a field or two.</summary>
    public static DialogOptions Small { get; } = Of(MaxWidth.ExtraSmall);

    /// <summary>Lists and tables.</summary>
    public static DialogOptions Wide { get; } = Of(MaxWidth.Small);

    private static DialogOptions Of(MaxWidth width) => new() { CloseOnEscapeKey = true, MaxWidth = width, FullWidth = true };
}
