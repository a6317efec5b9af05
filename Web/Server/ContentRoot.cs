namespace Dashboard.Web.Server;

/// <summary>The folder that holds appsettings.json and wwwroot: the repository in development, the program's own folder when published.</summary>
public static class ContentRoot
{
    /// <exception cref="DirectoryNotFoundException">No folder from the executable upwards holds both.</exception>
    public static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "appsettings.json")) && Directory.Exists(Path.Combine(folder.FullName, "wwwroot")))
                return folder.FullName;
        throw new DirectoryNotFoundException(
            $"No folder from {AppContext.BaseDirectory} upwards holds appsettings.json and wwwroot. Keep them beside the program when moving it.");
    }
}
