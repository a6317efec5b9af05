using Microsoft.EntityFrameworkCore;

namespace Dashboard.Backend.Storage;

/// <summary>The tables of the index. There are no migrations: a file of another version is dropped and rebuilt from the run folders.</summary>
public sealed class RunIndexContext(string path) : DbContext
{
    /// <summary>To be raised with every change of the tables or of what their columns hold.</summary>
    public const int Version = 3;

    public DbSet<IndexedRun> Runs => Set<IndexedRun>();
    public DbSet<IndexedEvaluation> Evaluations => Set<IndexedEvaluation>();

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
        optionsBuilder.UseSqlite($"Data Source={path};Pooling=False;Default Timeout=30");

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<IndexedRun>().HasMany(run => run.Evaluations).WithOne().HasForeignKey(evaluation => evaluation.RunId);
        modelBuilder.Entity<IndexedEvaluation>().HasKey(evaluation => new { evaluation.RunId, evaluation.Seq });
        modelBuilder.Entity<IndexedEvaluation>().HasIndex(evaluation => evaluation.Protocol);
    }
}
