using System.Security.Cryptography;
using System.Text.Json;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Files;

/// <summary>
/// A right that one process at a time has, on whatever hosts share the folder. It stands in a file NAME.N.json, which its holder renews. Whoever
/// takes it over makes the file of the next number, which succeeds for one alone, and removes those before: their holder finds its file gone, and
/// knows. A file without content is a lease that was given back; numbers only grow.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class Lease : IDisposable
{
    private readonly string _path;
    private readonly byte[] _content;
    private readonly TimeProvider _time;
    private readonly TimeSpan _length;
    private readonly ITimer _heartbeat;
    private readonly Lock _turn = new();
    private readonly CancellationTokenSource _lost = new();
    private long _renewed;
    private bool _isDisposed;

    private Lease(string path, LeaseHolder holder, byte[] content, TimeProvider time, long taken)
    {
        (_path, _content, _time, _length, _renewed, Holder) = (path, content, time, holder.Length, taken, holder);
        Lost = _lost.Token;
        _heartbeat = time.CreateTimer(_ => Renew(), null, _length / 6, _length / 6);
    }

    public LeaseHolder Holder { get; }

    /// <summary>Cancelled when another process has taken the lease over.</summary>
    public CancellationToken Lost { get; }

    /// <param name="length">After which others take it over, where it is not renewed.</param>
    /// <param name="endsWithProcess">As in <see cref="HolderOf"/>.</param>
    /// <returns>Null where it is held.</returns>
    /// <exception cref="IOException">The folder is not there, or the disk is full.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder belongs to someone else.</exception>
    public static Lease? TryTake(string folder, string name, TimeSpan length, bool endsWithProcess, TimeProvider time)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder {folder}.");
        var taken = time.GetTimestamp();
        var last = LeaseFile.Last(folder, name);
        if (last is not null && IsHeld(last, endsWithProcess, time))
            return null;
        var holder = new LeaseHolder(ProcessIdentity.Current, time.GetUtcNow(), length.TotalSeconds,
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        var (content, number) = (JsonSerializer.SerializeToUtf8Bytes(holder, RunJson.Line), (last?.Number ?? 0) + 1);
        if (!LeaseFile.Make(folder, name, number, content))
            return null;
        // What was seen may have been old: somebody may be further on already, or the holder have come back to life.
        var path = LeaseFile.PathOf(folder, name, number);
        if (LeaseFile.Last(folder, name) is not { } now || now.Number != number
            || (last is not null && File.Exists(last.Path) && LeaseFile.Read(last.Path, last.Number).Sign != last.Sign))
        {
            File.Delete(path);
            return null;
        }
        LeaseFile.RemoveBefore(folder, name, number);
        return new Lease(path, holder, content, time, taken);
    }

    /// <summary>The holder; null where there is none, or where it has not renewed its lease for as long as this process has watched it.</summary>
    /// <param name="endsWithProcess">
    /// Of this host's processes the kernel tells whether they live: whether such a one holds the lease however long it does not renew it.
    /// </param>
    public static LeaseHolder? HolderOf(string folder, string name, bool endsWithProcess, TimeProvider time) =>
        LeaseFile.Last(folder, name) is { } last && IsHeld(last, endsWithProcess, time) ? last.Holder : null;

    /// <summary>Waits until a holder on another host has shown that it lives, or was silent for as long as its lease.</summary>
    /// <inheritdoc cref="HolderOf"/>
    public static async Task<LeaseHolder?> WatchAsync(string folder, string name, bool endsWithProcess, TimeProvider time, CancellationToken stop)
    {
        LeaseFile? first = null;
        while (LeaseFile.Last(folder, name) is { Holder: { } holder } last && IsHeld(last, endsWithProcess, time))
        {
            first ??= last;
            if (holder.Process.IsLocal || last.Sign != first.Sign)
                return holder;
            await Task.Delay(holder.Length / 60, time, stop).ConfigureAwait(false);
        }
        return null;
    }

    /// <summary>Takes the lease from a holder on another host that is known to be gone; one of this host keeps it.</summary>
    public static void Forget(string folder, string name)
    {
        if (LeaseFile.Last(folder, name) is { Holder.Process.IsLocal: false } last && LeaseFile.Make(folder, name, last.Number + 1, []))
            LeaseFile.RemoveBefore(folder, name, last.Number + 1);
    }

    /// <summary>
    /// Whether something may be done now in the name of the lease: it has been renewed lately, or could be renewed now. A process that was stopped
    /// for a while, or cut off from its disk, hears here that another one has its place.
    /// </summary>
    public bool IsHeld()
    {
        lock (_turn)
            return !_isDisposed && !Lost.IsCancellationRequested && (_time.GetElapsedTime(_renewed) < _length / 3 || TryRenew());
    }

    public void Dispose()
    {
        _heartbeat.Dispose();
        lock (_turn)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            GiveBack();
        }
        _lost.Dispose();
    }

    private static bool IsHeld(LeaseFile file, bool endsWithProcess, TimeProvider time)
    {
        var sightings = Sightings.By(time);
        if (file.Holder is not { } holder || (holder.Process.IsLocal && !holder.Process.IsAlive))
        {
            sightings.Forget(file.Path);
            return false;
        }
        return (holder.Process.IsLocal && endsWithProcess) || sightings.Silence(file.Path, file.Sign, holder.Length / 4) < holder.Length;
    }

    private void Renew()
    {
        lock (_turn)
            if (!_isDisposed && !Lost.IsCancellationRequested)
                TryRenew();
    }

    private bool TryRenew()
    {
        var asked = _time.GetTimestamp();
        try
        {
            using (var file = LeaseFile.Open(_path, FileAccess.ReadWrite))
                File.SetLastWriteTimeUtc(file, _time.GetUtcNow().UtcDateTime);
            // Afterwards: a file that has just been removed can be written to as long as it is open.
            if (LeaseFile.Bytes(_path).AsSpan().SequenceEqual(_content))
            {
                _renewed = asked;
                return true;
            }
            _lost.Cancel();
        }
        catch (FileNotFoundException)
        {
            _lost.Cancel();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A shared folder that is away for a moment; the next renewal tries again.
        }
        return false;
    }

    /// <summary>In a folder that is gone there is nothing to do.</summary>
    private void GiveBack()
    {
        try
        {
            if (!LeaseFile.Bytes(_path).AsSpan().SequenceEqual(_content))
                return;
            using var file = LeaseFile.Open(_path, FileAccess.Write);
            RandomAccess.SetLength(file, 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Gone, or away: it ends with its length.
        }
    }
}
