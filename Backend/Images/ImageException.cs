namespace Dashboard.Backend.Images;

/// <summary>A file is not the image it should be. The message names the file and the reason.</summary>
public sealed class ImageException(string message, Exception? inner = null) : Exception(message, inner);
