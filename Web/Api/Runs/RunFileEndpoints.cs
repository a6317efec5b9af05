using Dashboard.Backend.Files;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Web.Api.Document;
using Dashboard.Web.Api.Requests;
using Dashboard.Web.Datasets;
using Microsoft.AspNetCore.StaticFiles;

namespace Dashboard.Web.Api.Runs;

/// <summary><c>/api/runs/{id}/files/...</c>: the pictures, maps and traces of a run. They are never rewritten, so browsers may keep them for ever.</summary>
internal static class RunFileEndpoints
{
    private static readonly string[] Served = ["snapshots", "cams", "masks", "profile"];
    private static readonly FileExtensionContentTypeProvider Types = new();

    public static void MapRunFiles(this RouteGroupBuilder api) => api.MapGet("/runs/{id}/files/{**file}", Send)
        .Describe(
            "A picture, map or trace of a run. It never changes.", RunEndpoints.Id,
            new("file", "Its path in the run's folder, under snapshots, cams, masks or profile."),
            new("coloured", "A label map in the colours that its classes have on the pages, instead of VOC's."),
            new("overlay", "The same with a transparent background, to be laid over the image."))
        .ProducesFile("image/png", "image/jpeg", "application/json", "application/octet-stream")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static IResult Send(HttpContext context, IRunStore store, RunClasses classes, string id, RestOfPath rest, bool? coloured,
        bool? overlay)
    {
        if (store.Folder(id) is not { } folder || Locate(folder, rest.Text) is not { } path)
            return Results.Problem("There is no such file in this run's snapshots, cams, masks or profile.",
                statusCode: StatusCodes.Status404NotFound);
        if (!Types.TryGetContentType(path, out var type))
            type = "application/octet-stream";
        var isColoured = (coloured == true || overlay == true) && type == "image/png";
        var names = isColoured ? classes.LabelNames(id) : [];
        // Where the classes are not known yet, the same address has other colours later.
        context.Response.Headers.CacheControl = isColoured && names.Count == 0 ? "no-cache" : "private, max-age=31536000, immutable";
        if (names.Count > 0)
            return Coloured(path, names, overlay == true);
        return Results.File(path, type, lastModified: File.GetLastWriteTimeUtc(path), enableRangeProcessing: true);
    }

    private static IResult Coloured(string path, IReadOnlyList<string> labelNames, bool isOverlay)
    {
        try
        {
            var picture = isOverlay ? ColouredLabels.Over(path, labelNames) : ColouredLabels.Of(path, labelNames);
            return Results.Bytes(picture, "image/png", lastModified: File.GetLastWriteTimeUtc(path));
        }
        catch (ImageException error)
        {
            return Results.Problem(error.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
        }
    }

    /// <returns>Null for whatever is not a file really inside one of the served folders, links followed.</returns>
    internal static string? Locate(RunFolder folder, string file)
    {
        if (file.Contains('\0') || !Served.Contains(file.Split('/')[0]))
            return null;
        var path = RealPath.Of(folder.File(file));
        var inside = Served.Any(name => path.StartsWith(RealPath.Of(folder.File(name)) + "/", StringComparison.Ordinal));
        return inside && File.Exists(path) && RealPath.Of(folder.Path) is var root && path.StartsWith(root + "/", StringComparison.Ordinal)
            ? path
            : null;
    }
}
