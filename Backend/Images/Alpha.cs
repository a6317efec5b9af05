namespace Dashboard.Backend.Images;

/// <summary>PIL's 8-bit alpha arithmetic: colours are multiplied by alpha before they are resampled, and divided afterwards.</summary>
internal static class Alpha
{
    /// <summary>a * b / 255, rounded (PIL's MULDIV255).</summary>
    public static byte Multiply(byte a, byte b)
    {
        var product = a * b + 128;
        return (byte)((product >> 8) + product >> 8);
    }

    /// <summary>Alpha is the last of <paramref name="channels"/>.</summary>
    public static void Premultiply(Span<byte> pixels, int channels)
    {
        for (var i = 0; i < pixels.Length; i += channels)
            for (var c = 0; c < channels - 1; c++)
                pixels[i + c] = Multiply(pixels[i + c], pixels[i + channels - 1]);
    }

    public static void Unpremultiply(Span<byte> pixels, int channels)
    {
        for (var i = 0; i < pixels.Length; i += channels)
        {
            var alpha = pixels[i + channels - 1];
            if (alpha is 0 or 255)
                continue;
            for (var c = 0; c < channels - 1; c++)
                pixels[i + c] = (byte)Math.Min(255, 255 * pixels[i + c] / alpha);
        }
    }
}
