using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Microsoft.Extensions.Logging;

namespace Dashboard.Backend.Execution.Executors.Slurm;

/// <summary>
/// Workers as jobs of a Slurm cluster that shares the data folder; runs that wait for the same kind of device together are one job array. What is
/// known of a job lies in its run's folder, and each job carries a mark that leads to its run and ticket: a dashboard that was killed finds its jobs
/// again, even one whose number it did not live to write down.
/// </summary>
public sealed class SlurmExecutor(
    DashboardProgram program, SlurmSettings settings, DataFolder data, TimeProvider time, ILogger<SlurmExecutor> log) : IExecutor
{
    private readonly SlurmCommands _slurm = new(settings);
    private readonly SlurmRoom _room = new(time);
    private readonly Dictionary<string, SlurmJob> _jobs = new(StringComparer.Ordinal);
    private SlurmListing? _listed;
    private long? _looked;
    private string? _told;

    public IReadOnlyList<string> Devices { get; } = [DeviceRequest.Cpu, DeviceRequest.AnyGpu];

    public int? Slots => null;

    public int Resumes => settings.Resumes;

    public int AtOnce => _room.AtOnce;

    public bool IsElsewhere => true;

    public string? Problem { get; private set; }

    public string? Fault(DeviceRequest request) => null;

    /// <summary>Which device of which node, Slurm decides; of its job's GPUs the worker takes the first.</summary>
    public string? Place(DeviceRequest request, IReadOnlyCollection<string> taken) =>
        taken.Count >= settings.Jobs ? null : DeviceRequest.IsGpu(request.Name) ? DeviceRequest.FirstGpu : DeviceRequest.Cpu;

    public void Look()
    {
        if (_looked is { } last && time.GetElapsedTime(last) < settings.Pace)
            return;
        _looked = time.GetTimestamp();
        // A job that is submitted after this moment may be missing in the list.
        var asked = _jobs.Values.ToList();
        try
        {
            _listed = new SlurmListing(SlurmCommands.List(), data);
            // What was said of a lack of room holds until more is tried.
            if (_room.MayTry)
                Tell(null);
        }
        catch (Exception error) when (error is SlurmUnreachableException or IOException)
        {
            Tell($"Slurm cannot be asked: {error.Message}");
            return;
        }
        foreach (var job in asked)
            job.See(_listed);
    }

    public IReadOnlyDictionary<string, IJob> Submit(IReadOnlyList<RunStart> starts)
    {
        var jobs = new Dictionary<string, IJob>(StringComparer.Ordinal);
        // Only while it is known what there is: a job that was taken while nobody listened is not submitted a second time.
        if (_listed is not { } listed || Problem is not null)
            return jobs;
        foreach (var start in starts)
            if (listed.Live(start.Folder, start.Ticket) is { } lost)
                jobs[start.Folder.Id] = Follow(start, lost.Id, SlurmArray.IndexOf(lost.Id) is null ? null : lost.Mark);
        // The others another time: where Slurm refuses them, these have not failed.
        if (jobs.Count > 0)
            return jobs;
        try
        {
            if (starts.Count > 1)
                SubmitArray(starts, listed, jobs);
            else
                SubmitOne(starts[0], jobs);
            _room.Taken(starts.Count);
            _told = null;
        }
        catch (SlurmUnreachableException error)
        {
            Tell($"Slurm takes no {(error.IsFull ? "more jobs now" : "jobs")}: {error.Message}");
            if (error.IsFull)
                _room.Refused(starts.Count);
            // It may have taken them all the same: what there is has to be looked at again.
            (_listed, _looked) = (null, null);
        }
        return jobs;
    }

    public IJob? Find(RunFolder folder) =>
        RunJob.Read(folder) is { IsSettled: false } job && (QueueTicket.Read(folder) is not { } ticket || ticket.Since == job.Queued)
            ? Follow(folder, job)
            : null;

    public bool Cancel(RunFolder folder)
    {
        if (RunJob.Read(folder) is not { } job)
            return false;
        if (SlurmJob.EndOf(job.State) is { } end)
            return end != JobEnd.Lost;
        try
        {
            SlurmCommands.Cancel(job.Id);
            return true;
        }
        catch (Exception error) when (error is SlurmUnreachableException or IOException)
        {
            log.LogWarning("Job {Job} of {Run} could not be cancelled: {Reason}", job.Id, folder.Id, error.Message);
            return false;
        }
    }

    private void SubmitOne(RunStart start, Dictionary<string, IJob> jobs)
    {
        var id = _slurm.Submit(new(start.Folder.Id, SlurmJob.Mark(start.Ticket.Since), start.Folder.Path, start.Folder.WorkerLog,
            DeviceRequest.IsGpu(start.Device), SlurmScript.Of(program, start)));
        jobs[start.Folder.Id] = Follow(start, id, array: null);
    }

    private void SubmitArray(IReadOnlyList<RunStart> starts, SlurmListing listed, Dictionary<string, IJob> jobs)
    {
        SlurmArray.RemoveOthers(data, listed, time);
        var array = SlurmArray.Write(data, starts, time);
        var id = _slurm.Submit(new($"dashboard-{starts.Count}-runs", array.Name, data.Path, array.Log, DeviceRequest.IsGpu(starts[0].Device),
            SlurmScript.Of(program, array, starts[0].Device), starts.Count));
        foreach (var (index, start) in starts.Index())
            jobs[start.Folder.Id] = Follow(start, $"{id}_{index}", array.Name);
    }

    /// <summary>Has just been submitted, or been found.</summary>
    private SlurmJob Follow(RunStart start, string id, string? array)
    {
        var job = Follow(start.Folder, SlurmJob.Of(start.Ticket, id, array, Resumes));
        job.Keep();
        return job;
    }

    private SlurmJob Follow(RunFolder folder, RunJob known) => _jobs[folder.Id] = new SlurmJob(folder, known, log, () => _jobs.Remove(folder.Id));

    /// <summary>Logged once, until Slurm has taken a job again.</summary>
    private void Tell(string? problem)
    {
        if (problem is not null && problem != _told)
            log.LogWarning("{Problem} The jobs go on, and it is tried again.", _told = problem);
        Problem = problem;
    }
}
