using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs;

/// <summary>What a list says of a group as a whole, whatever the filter and the page.</summary>
/// <param name="States">How many of its runs there are of each state that occurs.</param>
/// <param name="Scores">Null where nothing was measured, and where numbers of several protocols were: they have no mean.</param>
public sealed record GroupTotals(IReadOnlyDictionary<RunState, int> States, GroupScores? Scores)
{
    public int Runs => States.Values.Sum();
}

/// <summary>mIoU of the measured runs of a group, 0..1, of one protocol.</summary>
/// <param name="Runs">How many are measured.</param>
public sealed record GroupScores(int Runs, double Mean, double Least, double Most);
