using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Cli.Display;

/// <summary>Where a run in the foreground shows how far it is.</summary>
internal interface IRunDisplay
{
    void Show(RunEvent next, RunProjection projection);

    /// <summary>A line that stays.</summary>
    void Say(string line);

    /// <summary>Takes away what does not stay.</summary>
    void Close();
}
