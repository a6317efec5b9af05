using Dashboard.Backend.Files;
using Dashboard.Backend.Runs.Log;

namespace Dashboard.Backend.Runs.Plan;

/// <summary>Makes the runs of a plan: folders, tickets and specs. All of them, or none.</summary>
public static class PlanFolders
{
    /// <param name="launcher">The process that starts the workers itself; null: the dashboard's queue does.</param>
    /// <param name="alongside">Written with them: where it fails, nothing is left.</param>
    /// <param name="folderOf">Where a new run is to lie; null: under its identifier in the data folder.</param>
    /// <exception cref="IOException">The disk is full, or a folder holds a run already.</exception>
    public static void Write(
        IReadOnlyList<PlannedRun> plan, DataFolder data, TimeProvider time, ProcessIdentity? launcher = null, Action? alongside = null,
        Func<PlannedRun, string?>? folderOf = null)
    {
        var made = new List<(PlannedRun Run, RunFolder Folder)>();
        var resumed = new List<RunFolder>();
        try
        {
            // Room for all of them first, then the specs, which make them runs; in the plan's order: no run starts from one that is not there.
            foreach (var run in plan.Where(run => run.Step == PlanStep.Make))
            {
                var folder = folderOf?.Invoke(run) is { } elsewhere ? new RunFolder(elsewhere) : data.Run(run.Spec.Id);
                made.Add((run, folder));
                new QueueTicket(time.GetUtcNow(), launcher, Host: Environment.MachineName).Write(folder);
                LastWordReserve.Keep(folder);
            }
            foreach (var run in plan.Where(run => run.Step == PlanStep.Resume))
            {
                var folder = data.Run(run.Spec.Id);
                resumed.Add(folder);
                RunResumption.Queue(folder, time, launcher);
            }
            foreach (var (run, folder) in made)
            {
                RunFolder.Create(folder.Path, run.Spec);
                if (folder.Path != data.Run(run.Spec.Id).Path)
                    data.Register(run.Spec.Id, folder);
            }
            alongside?.Invoke();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            foreach (var folder in resumed.Where(QueueTicket.IsThere))
                QueueTicket.Remove(folder);
            foreach (
                var (run, folder) in made.Where(made => made.Folder.Path == data.Run(made.Run.Spec.Id).Path && Directory.Exists(made.Folder.Path)))
                Directory.Delete(folder.Path, recursive: true);
            throw;
        }
    }
}
