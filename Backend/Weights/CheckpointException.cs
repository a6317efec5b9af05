namespace Dashboard.Backend.Weights;

/// <summary>A checkpoint cannot be read. The message names the file, the key or byte at fault, and what to do where something can be done.</summary>
public sealed class CheckpointException(string path, string fault, Exception? inner = null) : Exception($"{path}: {fault}", inner);
