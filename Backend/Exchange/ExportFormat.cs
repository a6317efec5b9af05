namespace Dashboard.Backend.Exchange;

/// <summary>What a run's results can be taken away as.</summary>
public enum ExportFormat
{
    /// <summary>Label maps as indexed PNG in PASCAL VOC's layout, with list files and a card.</summary>
    Voc,

    /// <summary>Label maps as COCO's run-length code, for annotation tools.</summary>
    Coco,

    /// <summary>Soft maps as IRN's dictionaries for NumPy.</summary>
    Npy,

    /// <summary>The network as safetensors.</summary>
    Safetensors,

    /// <summary>The network as a state dict for PyTorch.</summary>
    Pth,
}

public static class ExportFormats
{
    /// <summary>"voc, coco, npy, safetensors, pth".</summary>
    public static string Names { get; } = string.Join(", ", Enum.GetValues<ExportFormat>().Select(NameOf));

    public static string NameOf(this ExportFormat format) => format.ToString().ToLowerInvariant();

    /// <summary>Null for a name that no format has.</summary>
    public static ExportFormat? Find(string name) =>
        Enum.GetValues<ExportFormat>()
            .Select(format => (ExportFormat?)format)
            .FirstOrDefault(format => format!.Value.NameOf().Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether it is many files: a folder, or a zip archive.</summary>
    public static bool IsFolder(this ExportFormat format) => format is ExportFormat.Voc or ExportFormat.Npy;
}
