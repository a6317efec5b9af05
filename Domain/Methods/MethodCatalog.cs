using Dashboard.Domain.Methods.Import;
using Dashboard.Domain.Methods.Nsrom;
using Dashboard.Domain.Methods.Refinement;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Methods.Segmentation;
using Dashboard.Domain.Methods.TextImage;

namespace Dashboard.Domain.Methods;

/// <summary>All methods that can be launched.</summary>
public static class MethodCatalog
{
    public static IReadOnlyList<MethodDescriptor> All { get; } =
    [
        CamMethod.Descriptor,
        ClimsMethod.Descriptor,
        ClipMethod.Descriptor,
        SimSegMethod.Descriptor,
        ZeroShotMethod.Descriptor,
        MapsMethod.Descriptor,
        CrfMethod.Descriptor,
        PamrMethod.Descriptor,
        IrnMethod.Descriptor,
        PsaMethod.Descriptor,
        SaliencyMethod.Descriptor,
        NsromMethod.Descriptor,
        IamMethod.Descriptor,
        PomMethod.Descriptor,
        NsrmMethod.Descriptor,
        SegmentMethod.Descriptor,
        ImportMethod.Descriptor,
    ];

    /// <summary>The method of a name, in upper or lower case; null if there is none.</summary>
    public static MethodDescriptor? Find(string? name) => All.FirstOrDefault(method => method.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="ArgumentException">No such method; the message lists those there are.</exception>
    public static MethodDescriptor Get(string name) => Find(name) ?? throw new ArgumentException(NotFound(name));

    /// <summary>A method's title, or its name if this version does not know it.</summary>
    public static string TitleOf(string name) => Find(name)?.Title ?? name;

    /// <summary>The sentence for a name that no method has.</summary>
    public static string NotFound(string? name) =>
        $"There is no method '{name}'. Known methods: {string.Join(", ", All.Select(method => method.Name))}.";
}
