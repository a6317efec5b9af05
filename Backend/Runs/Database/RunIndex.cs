using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dashboard.Backend.Runs.Database;

/// <summary>
/// The index of all runs: SQLite, one writer. Holds nothing that the run folders do not, so no fault of it is fatal: a file that is damaged, of
/// another version or not ours is rebuilt, and one that cannot be used any more (a full disk, a lock of another program, a folder that is gone) is
/// left for an index in memory until the next start.
/// </summary>
public sealed class RunIndex : IDisposable
{
    /// <summary>Tells our files from others of the same name: "DASH".</summary>
    private const int ApplicationId = 0x44415348;

    private const int ErrorInTables = 1;
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>Seconds; nobody else has a reason to hold a lock.</summary>
    private const int Patience = 1;

    private readonly string _path;
    private readonly string _file;
    private readonly ILogger _log;
    private readonly Lock _inMemory = new();
    private volatile SqliteConnection? _memory;

    private RunIndex(string path, ILogger log) =>
        (_path, _log, _file) =
            (path, log, new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true, DefaultTimeout = Patience }.ToString());

    /// <summary>Told when the content of the index is lost: the run folders must be read again.</summary>
    public event Action? Lost;

    /// <summary>Opens the index, empty where there was none that can be used.</summary>
    public static RunIndex Open(string path, ILogger? log = null)
    {
        var index = new RunIndex(path, log ?? NullLogger.Instance);
        try
        {
            if (File.Exists(path) && index.Fault() is { } fault)
            {
                index._log.LogWarning("{Path} {Fault}: it is rebuilt from the run folders.", path, fault);
                index.Forget();
                Drop(path);
            }
            index.Use(Create);
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            index.LeaveFile(error);
        }
        return index;
    }

    /// <summary>
    /// For a program that only looks: a copy in memory of the index that is there; empty where none can be used. Changes nothing on disk.
    /// </summary>
    /// <param name="path">Null: of none.</param>
    public static RunIndex Copy(string? path)
    {
        var index = new RunIndex(path ?? "", NullLogger.Instance);
        try
        {
            if (path is not null && File.Exists(path) && index.Fault() is null)
            {
                index._memory = index.CopyOfFile();
                return index;
            }
        }
        catch (SqliteException)
        {
            // Locked, or on a disk that cannot be read: the folders tell the same.
        }
        index._memory = NewInMemory();
        return index;
    }

    /// <summary>Deletes the index.</summary>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    public static void Drop(string path)
    {
        foreach (var file in new[] { path, path + "-wal", path + "-shm" })
            File.Delete(file);
    }

    /// <summary>Leaves the file to somebody else, and goes on in memory with what it held.</summary>
    /// <param name="reason">In the log.</param>
    public void Leave(string reason)
    {
        _log.LogInformation("{Path}: {Reason}. Until the next start the index of runs is kept in memory.", _path, reason);
        GoOnInMemory(error: null);
        Forget();
    }

    /// <summary>Carries a query out; one that fails for the file's sake on the index in memory.</summary>
    public T Use<T>(Func<RunIndexContext, T> query)
    {
        if (_memory is null)
            try
            {
                using var connection = Connect();
                using var context = new RunIndexContext(connection);
                return query(context);
            }
            catch (Exception error) when (IsOfTheFile(error))
            {
                LeaveFile(error);
            }
        lock (_inMemory)
        {
            using var context = new RunIndexContext(_memory!);
            return query(context);
        }
    }

    /// <summary>Writes a batch in one transaction.</summary>
    /// <param name="last">The program ends: where the file cannot be written, the next start reads these runs again.</param>
    public void Save(IReadOnlyCollection<IndexedRun> changed, IReadOnlyCollection<string> removed, bool last = false)
    {
        if (!last)
            Use(context => Save(context, changed, removed));
        else if (_memory is null)
        {
            using var connection = Connect();
            using var context = new RunIndexContext(connection);
            Save(context, changed, removed);
        }
    }

    public void Dispose()
    {
        Forget();
        _memory?.Dispose();
    }

    private static bool Save(RunIndexContext context, IReadOnlyCollection<IndexedRun> changed, IReadOnlyCollection<string> removed)
    {
        using var transaction = context.Database.BeginTransaction();
        foreach (var id in removed.Concat(changed.Select(run => run.Id)))
            context.Database.ExecuteSqlInterpolated($"DELETE FROM Runs WHERE Id = {id}");
        context.AddRange(changed);
        context.SaveChanges();
        transaction.Commit();
        return true;
    }

    /// <summary>The file can be read, but is not one of ours, or is damaged.</summary>
    private static bool IsNoIndex(SqliteException error) => error.SqliteErrorCode is ErrorInTables or Corrupt or NotADatabase;

    private static bool IsOfTheFile(Exception error) => error is SqliteException or DbUpdateException { InnerException: SqliteException };

    private static bool Create(RunIndexContext context)
    {
        // EF Core makes a new file in WAL mode.
        if (context.Database.EnsureCreated())
            context.Database.ExecuteSqlRaw($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {RunIndexContext.Version}");
        return true;
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(_file);
        connection.Open();
        // In WAL mode a power cut costs at most the last rows: the run folders still have them.
        Execute(connection, "PRAGMA synchronous = NORMAL");
        return connection;
    }

    private static object? Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>Why the file cannot be used; null where it can.</summary>
    /// <exception cref="SqliteException">It cannot be opened at all.</exception>
    private string? Fault()
    {
        try
        {
            using var connection = Connect();
            if (Execute(connection, "PRAGMA application_id") is not (long)ApplicationId
                || Execute(connection, "PRAGMA user_version") is not (long)RunIndexContext.Version)
                return "is not an index of this version";
            if (Execute(connection,
                "SELECT EXISTS (SELECT 1 FROM Evaluations WHERE NOT json_valid(Event) OR (Sweep IS NOT NULL AND NOT json_valid(Sweep)))") is not 0L)
                return "holds an evaluation that cannot be read";
            using var context = new RunIndexContext(connection);
            foreach (var run in context.Runs.AsNoTracking())
                if (IndexedRows.TrySummary(run.Summary) is null || IndexedRows.TryMetrics(run.Metrics) is null)
                    return $"holds a row of {run.Id} that cannot be read";
            return null;
        }
        catch (SqliteException error) when (IsNoIndex(error))
        {
            return $"is damaged ({error.Message})";
        }
        catch (Exception error) when (error is InvalidOperationException or InvalidCastException or FormatException)
        {
            return $"holds rows that cannot be read ({error.Message})";
        }
    }

    private void LeaveFile(Exception error)
    {
        if (_memory is not null)
            return;
        var reason = error is DbUpdateException { InnerException: { } inner } ? inner.Message : error.Message;
        _log.LogWarning(
            "{Path} cannot be used ({Reason}): until the next start the index of runs is kept in memory. Check the folder's rights and free "
            + "space.", _path, reason);
        GoOnInMemory(error);
    }

    /// <param name="error">Of the file; null where it is sound.</param>
    private void GoOnInMemory(Exception? error)
    {
        lock (_inMemory)
        {
            if (_memory is not null)
                return;
            if (TryCopyOfFile(error) is { } copy)
            {
                _memory = copy;
                return;
            }
            _memory = NewInMemory();
        }
        Lost?.Invoke();
    }

    /// <returns>Null where what stands in the file is of no use.</returns>
    private SqliteConnection? TryCopyOfFile(Exception? error)
    {
        if (error is SqliteException fault && IsNoIndex(fault))
            return null;
        try
        {
            return Fault() is null ? CopyOfFile() : null;
        }
        catch (SqliteException)
        {
            return null;
        }
    }

    private static SqliteConnection NewInMemory()
    {
        var memory = new SqliteConnection("Data Source=:memory:;Foreign Keys=True");
        memory.Open();
        using var context = new RunIndexContext(memory);
        Create(context);
        return memory;
    }

    private SqliteConnection CopyOfFile()
    {
        var memory = new SqliteConnection("Data Source=:memory:;Foreign Keys=True");
        memory.Open();
        using var connection = Connect();
        connection.BackupDatabase(memory);
        return memory;
    }

    /// <summary>Closes the file: connections are kept open for the next query.</summary>
    private void Forget()
    {
        using var connection = new SqliteConnection(_file);
        SqliteConnection.ClearPool(connection);
    }
}
