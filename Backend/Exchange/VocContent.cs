using System.Text;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Images;
using Dashboard.Domain.Datasets;

namespace Dashboard.Backend.Exchange;

/// <summary>
/// PASCAL VOC's layout: <c>SegmentationClass/ID.png</c> (indexed, VOC's palette), <c>ImageSets/Segmentation/SPLIT.txt</c>, <c>labelmap.txt</c> (names
/// and colours as CVAT and Datumaro read them), <c>card.json</c>.
/// </summary>
internal sealed class VocContent(LabelSource labels) : IExportContent
{
    public string Description => $"{labels.Card.Content}: {labels.Images.Description}";

    public void Write(IExportFiles files, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        files.Add(ExportCard.FileName, isPacked: false, file => file.Write(labels.Card.ToJson()));
        files.Add("labelmap.txt", isPacked: false, file => file.Write(LabelMapText()));
        foreach (var (split, samples) in labels.Images.Splits)
            files.Add($"ImageSets/Segmentation/{split}.txt", isPacked: false,
                file => file.Write(Encoding.UTF8.GetBytes(string.Concat(samples.Select(sample => $"{sample.Id}\n")))));
        var done = 0;
        foreach (var (sample, map) in labels.Read(stop))
        {
            files.Add($"SegmentationClass/{sample.Id}.png", isPacked: true, file => file.Write(ImageFile.EncodeLabels(map)));
            progress?.Report(new("label maps", ++done, labels.Images.Samples.Count));
        }
    }

    private byte[] LabelMapText()
    {
        var text = new StringBuilder("# label:color_rgb:parts:actions\n");
        foreach (var (label, name) in labels.Card.Labels.Index())
            text.Append($"{name.Replace(':', ' ')}:{VocPalette.Rgb[3 * label]},{VocPalette.Rgb[3 * label + 1]},{VocPalette.Rgb[3 * label + 2]}::\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
