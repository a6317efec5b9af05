namespace Dashboard.Backend.Files;

/// <summary>A file is not what its reader can take. The message is whole: it names the file, what is wrong, and what to do.</summary>
public sealed class UnreadableFileException(string message) : IOException(message);
