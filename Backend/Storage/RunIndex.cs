using System.Text.Json;
using Dashboard.Backend.Execution;
using Dashboard.Domain.Runs;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Dashboard.Backend.Storage;

/// <summary>The index of all runs on disk: SQLite in WAL mode, one writer. Holds nothing that the run folders do not.</summary>
public sealed class RunIndex(string path)
{
    private const int ErrorInTables = 1;
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>Opens the index; one that is damaged or of another version is dropped: the store fills it again.</summary>
    /// <exception cref="IOException">The file cannot be made or opened.</exception>
    public static RunIndex Open(string path, out IReadOnlyList<IndexedRun> rows)
    {
        var index = new RunIndex(path);
        try
        {
            try
            {
                if (index.Prepare())
                {
                    rows = index.Load();
                    return index;
                }
            }
            catch (SqliteException error) when (error.SqliteErrorCode is ErrorInTables or Corrupt or NotADatabase)
            {
                // Damaged: rebuilt below.
            }
            Drop(path);
            index.Prepare();
            rows = [];
            return index;
        }
        catch (SqliteException error)
        {
            throw new IOException($"{path} cannot be opened: {error.Message} Check the folder's rights and free space.", error);
        }
    }

    /// <summary>The rows of an index that is there and sound; none otherwise. Changes nothing.</summary>
    public static IReadOnlyList<IndexedRun> Look(string path)
    {
        try
        {
            var index = new RunIndex(path);
            return File.Exists(path) && index.Version() == RunIndexContext.Version ? index.Load() : [];
        }
        catch (SqliteException)
        {
            return [];
        }
    }

    /// <summary>Deletes the index.</summary>
    public static void Drop(string path)
    {
        foreach (var file in new[] { path, path + "-wal", path + "-shm" })
            File.Delete(file);
    }

    public IReadOnlyList<IndexedRun> Load()
    {
        using var context = new RunIndexContext(path);
        return [.. context.Runs.Include(run => run.Evaluations).AsNoTracking()];
    }

    /// <summary>Writes a batch in one transaction.</summary>
    public void Save(IReadOnlyCollection<IndexedRun> changed, IReadOnlyCollection<string> removed)
    {
        using var context = new RunIndexContext(path);
        using var transaction = context.Database.BeginTransaction();
        foreach (var id in removed.Concat(changed.Select(run => run.Id)))
        {
            context.Database.ExecuteSqlInterpolated($"DELETE FROM Evaluations WHERE RunId = {id}");
            context.Database.ExecuteSqlInterpolated($"DELETE FROM Runs WHERE Id = {id}");
        }
        context.AddRange(changed);
        context.SaveChanges();
        transaction.Commit();
    }

    /// <summary>The row of a run.</summary>
    public static IndexedRun Row(RunSummary summary, IReadOnlyList<RunEvaluated> evaluations, IReadOnlyList<string> metrics, long length) => new()
    {
        Id = summary.Spec.Id,
        Method = summary.Spec.Method,
        Dataset = summary.Spec.Dataset,
        State = summary.State.ToString(),
        Created = summary.Spec.Created.UtcDateTime.ToString("o"),
        Miou = summary.Miou,
        Summary = JsonSerializer.Serialize(summary, RunJson.Line),
        Metrics = JsonSerializer.Serialize(metrics, RunJson.Line),
        Length = length,
        Evaluations = [.. evaluations.Select(evaluated => new IndexedEvaluation
        {
            RunId = summary.Spec.Id,
            Seq = evaluated.Seq,
            Row = evaluated.Row,
            Protocol = evaluated.Protocol.Key,
            Miou = evaluated.Miou,
            Event = JsonSerializer.Serialize<RunEvent>(evaluated, RunJson.Line),
        })],
    };

    /// <summary>False when the file is of another version.</summary>
    private bool Prepare()
    {
        using (var context = new RunIndexContext(path))
            // EF Core makes a new file in WAL mode.
            if (context.Database.EnsureCreated())
                context.Database.ExecuteSqlRaw($"PRAGMA user_version = {RunIndexContext.Version}");
        return Version() == RunIndexContext.Version;
    }

    private int Version()
    {
        using var context = new RunIndexContext(path);
        context.Database.OpenConnection();
        using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return Convert.ToInt32(command.ExecuteScalar());
    }
}
