namespace Dashboard.Backend.Libtorch;

/// <summary>Which libtorch the programs of this machine compute with, or why they cannot.</summary>
/// <param name="Version">Such as 2.10.0; null where it cannot be loaded.</param>
/// <param name="Folder">Where its libraries lie.</param>
/// <param name="Devices">cpu, cuda:0, cuda:1 ...</param>
/// <param name="Problem">One sentence: why it cannot be loaded, and what to do.</param>
public sealed record LibtorchReport(string? Version, string? Folder, IReadOnlyList<string> Devices, string? Problem)
{
    /// <summary>Loads libtorch into this process.</summary>
    public static LibtorchReport OfThisProcess()
    {
        try
        {
            var loaded = LoadedLibtorch.Load();
            return new(loaded.Version, loaded.Folder, loaded.Devices, null);
        }
        catch (LibtorchException error)
        {
            return new(null, null, [], error.Message);
        }
    }

    /// <summary>Why nothing can be computed on a device; null where it can.</summary>
    /// <param name="device">cpu, cuda or cuda:N.</param>
    public string? Fault(string device) => Problem ?? (Devices.Contains(device == "cuda" ? "cuda:0" : device)
        ? null
        : $"libtorch {Version} in {Folder} sees no {device}, only {string.Join(", ", Devices)}: choose one of these, or give the dashboard a "
            + "libtorch for the GPU (README, GPU).");

    public override string ToString() => Problem ?? $"libtorch {Version} in {Folder}, on {string.Join(", ", Devices)}";
}
