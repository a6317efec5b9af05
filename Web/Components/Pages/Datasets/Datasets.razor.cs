using Dashboard.Backend.Datasets;
using Dashboard.Web.Access;
using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Pages.Datasets;

/// <summary>The data sets that have a name: look, register, remove.</summary>
public sealed partial class Datasets
{
    private IReadOnlyList<DatasetEntry>? _entries;

    /// <summary>Names of those whose folder is there; the others are made when they are first used.</summary>
    private HashSet<string> _there = [];

    private string? _problem;
    private string? _failure;
    private string? _registered;
    private string _name = "";
    private string _path = "";
    private bool _registering;

    [Inject] private DatasetCatalog Catalog { get; set; } = null!;
    [Inject] private AllowedRoots Roots { get; set; } = null!;
    [Inject] private Confirmation Confirmation { get; set; } = null!;

    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        try
        {
            // Opens every folder: not on the circuit's thread.
            (_entries, _there) = await Task.Run(() =>
            {
                var entries = Catalog.List();
                return (entries, entries.Where(entry => Directory.Exists(entry.Path)).Select(entry => entry.Name).ToHashSet());
            });
        }
        catch (DatasetException error)
        {
            (_entries, _problem) = ([], error.Message);
        }
    }

    private async Task RegisterAsync()
    {
        if (_registering)
            return;
        var (name, path) = (_name.Trim(), _path.Trim());
        (_registering, _registered) = (true, null);
        try
        {
            _failure = path == "" ? "path: give the folder." : await Task.Run(() => Roots.Refuse(path)) is { } refused ? $"path: {refused}" : null;
            if (_failure is not null)
                return;
            await Task.Run(() => Catalog.Register(name, path));
            (_name, _path, _registered) = ("", "", name);
            await LoadAsync();
        }
        catch (Exception error) when (error is DatasetException or IOException or UnauthorizedAccessException)
        {
            _failure = error.Message;
        }
        finally
        {
            _registering = false;
        }
    }

    private async Task RemoveAsync(DatasetEntry entry)
    {
        if (!await Confirmation.AskAsync($"Forget the name {entry.Name}? The folder {entry.Path} stays as it is.", "Remove data set", "Remove",
            destructive: true))
            return;
        try
        {
            await Task.Run(() => Catalog.Remove(entry.Name));
            _problem = null;
        }
        catch (Exception error) when (error is DatasetException or IOException or UnauthorizedAccessException)
        {
            _problem = error.Message;
        }
        await LoadAsync();
    }
}
