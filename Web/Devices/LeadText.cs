using Dashboard.Backend.Runs;

namespace Dashboard.Web.Devices;

/// <summary>What a dashboard says that does not lead.</summary>
internal static class LeadText
{
    /// <returns>Null where this one leads.</returns>
    public static string? Of(Lead lead) => lead switch
    {
        { IsLeading: true } => null,
        { Leader: null } => "No dashboard leads this data folder at the moment: this one is about to.",
        { Leader: var leader } =>
            $"The dashboard on {leader.Process.Host} (process {leader.Process.ProcessId}) leads this data folder and starts its runs. This one shows "
            + $"them and passes on what is launched here. When that one ends, or is silent for {leader.Seconds:0} s, this one takes the lead.",
    };
}
