namespace Dashboard.Domain.Methods.Schema;

/// <summary>Describes one option of a method. Form, command line, validation, API and spec are all made from it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionAttribute(string group, string description) : Attribute
{
    /// <summary>The heading under which the form shows the option.</summary>
    public string Group { get; } = group;

    /// <summary>One sentence; names the source of the default where there is one.</summary>
    public string Description { get; } = description;

    /// <summary>Shown behind the value: "px", "images", "steps".</summary>
    public string? Unit { get; init; }

    /// <summary>Smallest legal value of a number, or of every number of a list.</summary>
    public double Min { get; init; } = double.NegativeInfinity;

    /// <summary>Largest legal value of a number, or of every number of a list.</summary>
    public double Max { get; init; } = double.PositiveInfinity;

    /// <summary>True where <see cref="Min"/> itself is not legal.</summary>
    public bool MinExclusive { get; init; }

    /// <summary>
    /// True for a text that names a file or folder on the machine the run executes on; it must lie under a configured root when it comes from a
    /// browser.
    /// </summary>
    public bool IsPath { get; init; }

    /// <summary>True for a path from which the run loads tensors.</summary>
    public bool IsCheckpoint { get; init; }

    /// <summary>True for a text that names a model on the Models page, or else, with a slash in it, the path of one.</summary>
    public bool IsModel { get; init; }

    /// <summary>True for a model that only a CLIP can be.</summary>
    public bool MustBeClip { get; init; }

    /// <summary>False where it changes no more of a result than its last digits: runs that differ in nothing else have equal keys.</summary>
    public bool ChangesResult { get; init; } = true;

    /// <summary>
    /// True for an option that came when runs had keys already: at its default it is not in the key, so that earlier runs keep theirs.
    /// </summary>
    public bool IsNewerThanKeys { get; init; }

    /// <summary>True for options that most users leave alone: the form folds them away.</summary>
    public bool Advanced { get; init; }
}
