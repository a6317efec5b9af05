using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Runs;

namespace Dashboard.Domain.Methods.Nsrom;

/// <summary>Options of saliency maps: from a folder, or computed from the images by the minimum barrier distance to their borders.</summary>
public sealed record SaliencyOptions : SplitsOptions
{
    [Option(
        "Files",
        "Folder with one 8-bit gray image for each image of the splits, named after it: white where something is salient. Empty: computed by the "
        + "minimum barrier distance (Zhang et al., ICCV 2015), which needs no training.", IsPath = true)]
    public string Folder { get; init; } = "";

    [Option("Files", "The folder's maps are dark where something is salient: each is turned round.")]
    public bool Inverted { get; init; }

    [Option("Files", "Takes maps that look inverted as they are: objects may reach the borders of most images.", Advanced = true)]
    public bool BrightBorders { get; init; }

    public override string Supervision => Folder.Length > 0 ? Protocol.TagsAndSaliency : Protocol.TagsAndComputedSaliency;

    public override IEnumerable<Artifact> Produces() => Splits.Select(split => new Artifact(ArtifactKind.Saliency, split));

    public override IEnumerable<OptionFailure> Validate()
    {
        foreach (var failure in base.Validate())
            yield return failure;
        if (Folder.Length == 0 && (Inverted || BrightBorders))
            yield return new("folder", "folder: inverted and brightBorders are about maps of a folder. Give one, or leave them out.");
    }
}
