namespace Dashboard.Web.Launch;

/// <summary>Options that a person has given a name on the launch form.</summary>
/// <param name="Method">As <see cref="Domain.Methods.MethodDescriptor.Name"/>.</param>
/// <param name="Base">The method's own preset that they change.</param>
/// <param name="Assignments">What is changed of it, as typed: "batchSize=8".</param>
public sealed record OwnPreset(string Name, string Method, string Base, IReadOnlyList<string> Assignments)
{
    public const int LongestName = 60;

    public bool Is(string method, string name) => Method == method && Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the form stands exactly so.</summary>
    public bool Fits(LaunchForm form) => form.Parent is null && form.Method.Name == Method && form.Preset?.Name == Base
        && form.Changes.ToHashSet().SetEquals(Assignments);
}
