using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Microsoft.Extensions.Logging;

namespace Dashboard.Backend.Execution.Executors.Slurm;

/// <summary>
/// Workers as jobs of a Slurm cluster that shares the data folder. What is known of a job lies in its run's folder, and each job carries its run's
/// name and ticket: a dashboard that was killed finds its jobs again, even one whose number it did not live to write down.
/// </summary>
public sealed class SlurmExecutor(DashboardProgram program, SlurmSettings settings, TimeProvider time, ILogger<SlurmExecutor> log) : IExecutor
{
    private readonly SlurmCommands _slurm = new(settings);
    private readonly Dictionary<string, SlurmJob> _jobs = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, SlurmCommands.Line>? _listed;
    private long? _looked;
    private string? _told;

    public IReadOnlyList<string> Devices { get; } = [DeviceRequest.Cpu, DeviceRequest.AnyGpu];

    public int? Slots => null;

    public int Resumes => settings.Resumes;

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
            _listed = SlurmCommands.List().GroupBy(line => line.Id).ToDictionary(lines => lines.Key, lines => lines.Last(), StringComparer.Ordinal);
            Tell(null);
        }
        catch (Exception error) when (error is SlurmUnreachableException or IOException)
        {
            Tell($"Slurm cannot be asked: {error.Message}");
            return;
        }
        foreach (var job in asked)
            job.See(_listed.GetValueOrDefault(job.Known.Id) is { } line && job.IsOn(line) ? line : null);
    }

    public IJob? Submit(RunFolder folder, QueueTicket ticket, string device)
    {
        // Only while it is known what there is: a job that was taken while nobody listened is not submitted a second time.
        if (_listed is null || Problem is not null)
            return null;
        var mark = SlurmJob.Mark(ticket.Since);
        if (_listed.Values.FirstOrDefault(line => line.Name == folder.Id && line.Mark == mark && SlurmJob.EndOf(line.State) is null) is { } lost)
            return Follow(folder, new RunJob(lost.Id, ticket.Since, lost.State, ticket.Resumes), keep: true);
        try
        {
            var id = _slurm.Submit(folder.Id, mark, folder.Path, folder.WorkerLog, DeviceRequest.IsGpu(device), Script(folder, device));
            _told = null;
            return Follow(folder, new RunJob(id, ticket.Since, "PENDING", ticket.Resumes), keep: true);
        }
        catch (SlurmUnreachableException error)
        {
            Tell($"Slurm takes no jobs: {error.Message}");
            // It may have taken this one: what there is has to be looked at again.
            (_listed, _looked) = (null, null);
            return null;
        }
    }

    public IJob? Find(RunFolder folder) =>
        RunJob.Read(folder) is { } job && SlurmJob.EndOf(job.State) is null ? Follow(folder, job, keep: false) : null;

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

    private SlurmJob Follow(RunFolder folder, RunJob known, bool keep)
    {
        var job = _jobs[folder.Id] = new SlurmJob(folder, known, log, () => _jobs.Remove(folder.Id));
        if (keep)
            job.Keep();
        return job;
    }

    private string Script(RunFolder folder, string device) => string.Join('\n',
    [
        "#!/bin/sh",
        .. DashboardProgram.Settings.Select(setting => $"export {setting.Key}=\"${{{setting.Key}:-{setting.Value}}}\""),
        // The shell is replaced: what Slurm sends to the job reaches the worker.
        $"exec {string.Join(' ', program.WorkerCommand(folder, device).Select(Quoted))}",
        "",
    ]);

    private static string Quoted(string argument) => $"'{argument.Replace("'", "'\\''")}'";

    /// <summary>Logged once, until Slurm has taken a job again.</summary>
    private void Tell(string? problem)
    {
        if (problem is not null && problem != _told)
            log.LogWarning("{Problem} The jobs go on, and it is tried again.", _told = problem);
        Problem = problem;
    }
}
