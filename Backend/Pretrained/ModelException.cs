namespace Dashboard.Backend.Pretrained;

/// <summary>A model is not there, or not as it should be. The message names it, the file or key at fault, and what to do.</summary>
public sealed class ModelException(string message, Exception? inner = null) : Exception(message, inner);
