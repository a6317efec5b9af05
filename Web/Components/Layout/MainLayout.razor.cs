using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace Dashboard.Web.Components.Layout;

/// <summary>The bar at the top and the place of the page below it.</summary>
public sealed partial class MainLayout : IDisposable
{
    private ErrorBoundary? _boundary;
    private ElementReference _content;
    private bool _menuOpen;

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    private string Path => "/" + Navigation.ToBaseRelativePath(Navigation.Uri).Split('?', '#')[0];

    /// <summary>A run's own page and the comparison of several belong to the runs, too.</summary>
    private bool OnRuns => Path is "/" or "/compare/runs" || Path.StartsWith("/runs", StringComparison.Ordinal);

    protected override void OnInitialized() => Navigation.LocationChanged += OnLocationChanged;

    private void CloseMenuOnEscape(KeyboardEventArgs e) => _menuOpen &= e.Key != "Escape";

    private void OnLocationChanged(object? sender, LocationChangedEventArgs e)
    {
        _menuOpen = false;
        _boundary?.Recover();
        StateHasChanged();
    }

    public void Dispose() => Navigation.LocationChanged -= OnLocationChanged;
}
