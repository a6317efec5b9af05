using Dashboard.Web.Access;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Dashboard.Web.Components.Paths;

public sealed partial class PathDialog
{
    private FolderListing? _shown;
    private string? _problem;

    [CascadingParameter] private IMudDialogInstance Dialog { get; set; } = null!;

    /// <summary>The path that the dialog begins at: a folder, or what lies in one. Null or not to be seen: the list of all.</summary>
    [Parameter] public string? Start { get; set; }

    [Parameter] public bool TakesFiles { get; set; }

    [Inject] private AllowedRoots Roots { get; set; } = null!;

    protected override Task OnInitializedAsync() => ShowAsync(() => FolderListing.Of(Beginning(), Roots));

    private string? Beginning()
    {
        for (var path = Start?.Trim(); !string.IsNullOrEmpty(path); path = Path.GetDirectoryName(path))
            if (Roots.Refuse(path) is null && Directory.Exists(path))
                return path;
        return null;
    }

    private Task OpenAsync(string? path) => ShowAsync(() => FolderListing.Of(path, Roots));

    /// <param name="read">A disk may be slow: not on the circuit's thread.</param>
    private async Task ShowAsync(Func<FolderListing> read)
    {
        try
        {
            _shown = await Task.Run(read);
            _problem = null;
        }
        catch (IOException error)
        {
            _problem = error.Message;
            _shown ??= await Task.Run(() => FolderListing.Of(null, Roots));
        }
    }
}
