using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Dashboard.Backend.Runs.Database;

/// <summary>The tables of the index. There are no migrations: a file of another version is dropped and rebuilt from the run folders.</summary>
public sealed class RunIndexContext(DbConnection connection) : DbContext
{
    /// <summary>To be raised with every change of the tables or of what their columns hold.</summary>
    public const int Version = 10;

    public DbSet<IndexedRun> Runs => Set<IndexedRun>();
    public DbSet<IndexedEvaluation> Evaluations => Set<IndexedEvaluation>();
    public DbSet<IndexedInput> Inputs => Set<IndexedInput>();
    public DbSet<IndexedTag> Tags => Set<IndexedTag>();

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.UseSqlite(connection);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<IndexedRun>().HasMany(run => run.Evaluations).WithOne().HasForeignKey(evaluation => evaluation.RunId);
        modelBuilder.Entity<IndexedRun>().HasMany(run => run.Inputs).WithOne().HasForeignKey(input => input.RunId);
        modelBuilder.Entity<IndexedRun>().HasMany(run => run.Tags).WithOne().HasForeignKey(tag => tag.RunId);
        modelBuilder.Entity<IndexedRun>().HasIndex(run => run.Began);
        modelBuilder.Entity<IndexedRun>().HasIndex(run => run.State);
        // With the time: lists put the group of the newest run first.
        modelBuilder.Entity<IndexedRun>().HasIndex(run => new { run.Group, run.Began });
        modelBuilder.Entity<IndexedRun>().HasIndex(run => new { run.Recipe, run.Began });
        modelBuilder.Entity<IndexedRun>().HasIndex(run => new { run.Method, run.Began });
        // Methods with it: those of no key are asked for by method.
        modelBuilder.Entity<IndexedRun>().HasIndex(run => new { run.Key, run.Method });
        modelBuilder.Entity<IndexedEvaluation>().HasKey(evaluation => new { evaluation.RunId, evaluation.Seq });
        // All that a ranking asks of a row.
        modelBuilder.Entity<IndexedEvaluation>()
            .HasIndex(evaluation => new { evaluation.Reference, evaluation.Protocol, evaluation.RunId, evaluation.Miou });
        modelBuilder.Entity<IndexedInput>().HasKey(input => new { input.RunId, input.Role });
        modelBuilder.Entity<IndexedInput>().HasIndex(input => input.InputId);
        modelBuilder.Entity<IndexedTag>().HasKey(tag => new { tag.RunId, tag.Tag });
        modelBuilder.Entity<IndexedTag>().HasIndex(tag => tag.Tag);
    }
}
