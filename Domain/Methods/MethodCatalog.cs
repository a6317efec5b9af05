namespace Dashboard.Domain.Methods;

/// <summary>All methods that can be launched.</summary>
public static class MethodCatalog
{
    public static IReadOnlyList<MethodDescriptor> All { get; } = [CamMethod.Descriptor, ClimsMethod.Descriptor, ClipMethod.Descriptor, SimSegMethod.Descriptor, ZeroShotMethod.Descriptor, ImportMethod.Descriptor];

    /// <exception cref="ArgumentException">No such method; the message lists those there are.</exception>
    public static MethodDescriptor Get(string name) =>
        All.FirstOrDefault(method => method.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"There is no method '{name}'. Known methods: {string.Join(", ", All.Select(method => method.Name))}.");
}
