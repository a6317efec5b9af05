namespace Dashboard.Web.Server;

/// <summary>What <c>dashboard serve</c> was asked for.</summary>
/// <param name="Urls">Addresses to listen on, separated by semicolons; null: <see cref="DefaultUrls"/>, or <c>Urls</c> of appsettings.json.</param>
/// <param name="Data">Folder for everything that is written; null: <c>Dashboard:Data</c> of appsettings.json, relative to the content root.</param>
public sealed record ServeOptions(string? Urls = null, string? Data = null)
{
    public const string DefaultUrls = "http://127.0.0.1:5080";
}
