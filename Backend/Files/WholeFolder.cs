namespace Dashboard.Backend.Files;

/// <summary>Folders that are whole or not there: written aside, then renamed.</summary>
internal static class WholeFolder
{
    /// <param name="path">An empty folder there is replaced.</param>
    /// <param name="write">Puts the files into the folder it is given.</param>
    /// <exception cref="IOException">
    /// The disk is full, or <paramref name="path"/> holds something: what stood at <paramref name="path"/> is untouched, nothing is left aside.
    /// </exception>
    public static void Write(string path, Action<string> write)
    {
        // What an interrupted attempt has left lies aside too, and is written again.
        var aside = path + ".partial";
        Delete(aside);
        try
        {
            Directory.CreateDirectory(aside);
            write(aside);
            if (Directory.Exists(path))
                Directory.Delete(path);
            Directory.Move(aside, path);
        }
        catch
        {
            Delete(aside);
            throw;
        }
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
