namespace Dashboard.Backend.Libtorch;

/// <summary>libtorch cannot be loaded. The message is one sentence: which file, what it lacks, and what to do.</summary>
public sealed class LibtorchException(string message) : Exception(message);
