using System.CommandLine;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Web.Server;

namespace Dashboard.Web.Cli;

/// <summary>What every command works with: the data folder and what the configuration says.</summary>
internal sealed class CommandContext
{
    /// <summary>Before or after any command.</summary>
    public static Option<string?> DataOption { get; } = new("--data")
    {
        Description = "Folder for everything that is written. Without it: $DASHBOARD_DATA, or Dashboard:Data of appsettings.json.",
        HelpName = "DIR",
        Recursive = true,
    };

    private readonly IConfiguration _configuration;

    public CommandContext(ParseResult arguments)
    {
        var root = ContentRoot.Find();
        var configuration =
            new ConfigurationBuilder().SetBasePath(root).AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().Build();
        var chosen = arguments.GetValue(DataOption) ?? Environment.GetEnvironmentVariable("DASHBOARD_DATA");
        Data = new DataFolder(string.IsNullOrWhiteSpace(chosen) ? Path.Combine(root, configuration["Dashboard:Data"] ?? "data") : chosen);
        Datasets = new CatalogDatasets(
            new DatasetCatalog(Data.Path, configuration.GetSection("Dashboard:Datasets").Get<Dictionary<string, string>>() ?? []));
        Models = new ModelCatalog(Data.Path);
        Program = DashboardProgram.OfThisProcess(Data);
        _configuration = configuration;
    }

    public DataFolder Data { get; }
    public IDatasetSource Datasets { get; }
    public ModelCatalog Models { get; }
    public DashboardProgram Program { get; }

    /// <summary>The devices of this machine, for a command that starts workers itself.</summary>
    /// <exception cref="InvalidDataException">The configuration is not valid.</exception>
    public LocalExecutor OpenExecutor() => ExecutionSettings.Of(_configuration).OpenLocal(Program, new LibtorchOfWorkers(Program));

    public TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>The folder of a run that is named by its identifier, the beginning of it, or its path.</summary>
    /// <exception cref="InvalidRunException">There is none, or more than one.</exception>
    public RunFolder Find(string name)
    {
        if (File.Exists(new RunFolder(name).Spec))
            return new RunFolder(name);
        var matches = Directory.Exists(Data.Runs) ? Directory.GetDirectories(Data.Runs).Select(path =>
            Path.GetFileName(path)!).Where(id => id.StartsWith(name, StringComparison.Ordinal)).ToList() : [];
        return matches.Count switch
        {
            _ when matches.Contains(name) => Data.Run(name),
            1 => Data.Run(matches[0]),
            0 => throw new InvalidRunException("run", $"There is no run '{name}' in {Data.Runs}. Known runs: dashboard list"),
            _ => throw new InvalidRunException("run",
                $"'{name}' may be any of {string.Join(", ", matches.Order(StringComparer.Ordinal))}. Give more of it."),
        };
    }
}
