using Dashboard.Domain.Methods;

namespace Dashboard.Backend.Runs;

/// <summary>A request that cannot be carried out. The message holds every failure, one a line, each naming an option and what to do.</summary>
public sealed class InvalidRunException(IReadOnlyList<OptionFailure> failures)
    : Exception(string.Join(Environment.NewLine, failures.Select(failure => failure.Message)))
{
    public InvalidRunException(string option, string message)
        : this([new(option, message)])
    {
    }

    public IReadOnlyList<OptionFailure> Failures { get; } = failures;
}
