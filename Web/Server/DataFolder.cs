namespace Dashboard.Web.Server;

/// <summary>Where everything is written.</summary>
/// <param name="Path">Absolute.</param>
public sealed record DataFolder(string Path);
