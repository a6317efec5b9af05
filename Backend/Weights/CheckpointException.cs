namespace Dashboard.Backend.Weights;

/// <summary>A checkpoint cannot be read. The message names the file, the key or byte at fault, and the remedy where there is one.</summary>
public sealed class CheckpointException(string path, string fault, Exception? inner = null) : Exception($"{path}: {fault}", inner);
