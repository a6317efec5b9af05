namespace Dashboard.Web.Server;

/// <summary>Pages that once had other addresses: a link that somebody kept still leads to them, with all that was chosen.</summary>
public static class OldAddresses
{
    private static readonly Dictionary<string, string> Pages = new(StringComparer.OrdinalIgnoreCase)
    {
        ["/compare"] = "/compare/masks",
        ["/comparison"] = "/compare/runs",
    };

    /// <returns>The page's path today; null where it is not an old one.</returns>
    public static string? Today(string path) => Pages.GetValueOrDefault(path.TrimEnd('/'));

    public static Task RedirectAsync(HttpContext context, Func<Task> next)
    {
        if (Today(context.Request.Path.Value ?? "") is not { } today)
            return next();
        context.Response.Redirect(today + context.Request.QueryString, permanent: true);
        return Task.CompletedTask;
    }
}
