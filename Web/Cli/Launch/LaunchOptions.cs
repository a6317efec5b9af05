using System.CommandLine;

namespace Dashboard.Web.Cli.Launch;

/// <summary>What every command that launches runs is told in the same words.</summary>
internal static class LaunchOptions
{
    public static Option<string> Dataset() => new("--dataset") { Required = true, HelpName = "D",
        Description = "A data set's name (cooccurrence is built in), or its folder." };

    public static Option<string?> Device() => new("--device") { HelpName = "DEVICE",
        Description = "cpu, cuda (the first GPU that is free) or cuda:N. Without it: cpu." };
}
