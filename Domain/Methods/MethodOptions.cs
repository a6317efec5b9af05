using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Runs;

namespace Dashboard.Domain.Methods;

/// <summary>
/// The options of one method: a record whose public properties are bool, int, long, double, string, an enum, or a list of
/// int or double, each with an <see cref="OptionAttribute"/>; their initial values are the defaults.
/// </summary>
public abstract record MethodOptions
{
    /// <summary>Failures that concern several options at once; single ranges are checked from the attributes.</summary>
    public virtual IEnumerable<OptionFailure> Validate() => [];

    /// <summary>What a finished run with these options leaves for others.</summary>
    public virtual IEnumerable<Artifact> Produces() => [];

    /// <summary>What it takes besides image tags and other runs, as <see cref="Protocol.Supervision"/> says it; null: nothing.</summary>
    public virtual string? Supervision => null;

    /// <summary>Splits that the data set must have, with the option that names each.</summary>
    public virtual IEnumerable<(string Option, string Split)> NamedSplits() => [];
}

/// <summary>Why an option is not acceptable. The message names the option and its legal values.</summary>
public sealed record OptionFailure(string Option, string Message);
