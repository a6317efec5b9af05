using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dashboard.Backend.Files;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Access;

/// <summary>
/// Links that open the report of one run and nothing else, to whoever has them, until they are revoked. <c>shares.json</c> in the run's folder holds
/// only hashes: whoever reads the folder cannot make a link of them, and a deleted run takes its links along.
/// </summary>
public sealed class RunShares(IRunStore store, TimeProvider time)
{
    private const int LongestFile = 1 << 20;
    private const int MostLinks = 50;

    private readonly Lock _writing = new();

    /// <summary>What a shared report's address begins with.</summary>
    public static PathString Root { get; } = "/shared";

    /// <summary>The links that are open, newest last; none of a run that is not there.</summary>
    public IReadOnlyList<RunShare> Of(string run) => store.Folder(run) is { } folder ? Read(folder) : [];

    /// <returns>The address, which cannot be had again, relative to the dashboard's.</returns>
    /// <exception cref="InvalidRunException">There is no such run, or it has too many links.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public (RunShare Share, string Address) Open(string run)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var share = new RunShare(Hash(token), time.GetUtcNow());
        lock (_writing)
        {
            var folder = store.Folder(run) ?? throw new InvalidRunException("run", $"There is no run '{run}'. It may have been deleted.");
            var shares = Read(folder);
            if (shares.Count >= MostLinks)
                throw new InvalidRunException("run", $"{run} has {MostLinks} links already. Revoke some first.");
            Write(folder, [.. shares, share]);
        }
        return (share, $"{Root}/{Uri.EscapeDataString(run)}/{token}");
    }

    /// <returns>False where there is no such link.</returns>
    /// <param name="id"><see cref="RunShare.Id"/>.</param>
    /// <exception cref="IOException">The disk is full: the link is still open.</exception>
    public bool Revoke(string run, string id)
    {
        lock (_writing)
        {
            if (store.Folder(run) is not { } folder || Read(folder) is not { } shares || shares.All(share => share.Id != id))
                return false;
            Write(folder, [.. shares.Where(share => share.Id != id)]);
            return true;
        }
    }

    /// <summary>Takes as long for a wrong token as for the right one.</summary>
    public bool IsOpen(string run, string token)
    {
        var hash = Encoding.ASCII.GetBytes(Hash(token));
        return Of(run).Aggregate(false, (found, share) => found | CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(share.Hash), hash));
    }

    /// <summary>
    /// An address that needs no access token of the dashboard: whoever has it was given it. Its own token is checked where it is answered.
    /// </summary>
    public static bool IsAddress(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && request.Path.StartsWithSegments(Root, out var rest)
            && rest.Value?.Split('/') is ["", { Length: > 0 }, { Length: > 0 }];

    /// <summary>None where the file cannot be read: a damaged file opens nothing.</summary>
    private static IReadOnlyList<RunShare> Read(RunFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize<RunShare[]>(SmallFile.Read(PathIn(folder), LongestFile), RunJson.Strict) ?? [];
        }
        catch (Exception error) when (error is JsonException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static void Write(RunFolder folder, RunShare[] shares)
    {
        if (shares.Length == 0)
            File.Delete(PathIn(folder));
        else
            WholeFile.Write(PathIn(folder), file => JsonSerializer.Serialize(file, shares, RunJson.Indented), toDisk: true);
    }

    private static string PathIn(RunFolder folder) => folder.File("shares.json");

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}

/// <summary>A link to a run's report.</summary>
/// <param name="Hash">SHA-256 (hex) of its token.</param>
public sealed record RunShare(string Hash, DateTimeOffset Created)
{
    /// <summary>Names the link to those who may revoke it, and opens nothing.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Id => Hash[..Math.Min(12, Hash.Length)];
}
