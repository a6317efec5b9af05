using Dashboard.Domain.Runs;

namespace Dashboard.Web.Components.Comparison;

/// <summary>The newest picture of each image, kind and class that a run has taken.</summary>
public sealed class ComparedMaps
{
    private readonly Dictionary<(string Image, string Kind, string? Class), string> _files = [];
    private readonly IReadOnlyList<RunSnapshot> _snapshots;

    /// <param name="snapshots">In the order of their steps. Image and truth may stand in any of them.</param>
    /// <param name="hasEpochs">Whether the run trains; otherwise its only snapshot is of no epoch.</param>
    public ComparedMaps(string runId, string title, IReadOnlyList<RunSnapshot> snapshots, bool hasEpochs)
    {
        (RunId, Title, _snapshots, HasEpochs) = (runId, title, snapshots, hasEpochs);
        foreach (var panel in snapshots.SelectMany(snapshot => snapshot.Panels))
            _files[(panel.Image, panel.Kind, panel.Class)] = panel.File;
    }

    public string RunId { get; }
    public string Title { get; }

    public bool HasEpochs { get; }

    /// <summary>Null before the first snapshot.</summary>
    public int? Epoch => _snapshots is [.., var last] ? last.Epoch : null;

    /// <summary>Images with the classes that were mapped, in the order of the snapshots; the class is null for pictures of all classes.</summary>
    public IEnumerable<(string Image, string? Class)> Rows(string kind) =>
        _files.Keys.Where(key => key.Kind == kind).Select(key => (key.Image, key.Class));

    /// <summary>The address of a picture, which never changes; null where there is none.</summary>
    public string? Url(string image, string kind, string? className = null) =>
        _files.TryGetValue((image, kind, className), out var file)
            ? $"api/runs/{Uri.EscapeDataString(RunId)}/files/{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}"
                + (kind is "truth" or "mask" ? "?coloured=true" : "")
            : null;

    public bool IsSame(ComparedMaps other) => RunId == other.RunId && Title == other.Title && ReferenceEquals(_snapshots, other._snapshots);
}
