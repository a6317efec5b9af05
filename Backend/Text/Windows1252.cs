namespace Dashboard.Backend.Text;

/// <summary>Windows-1252, in which the web reads the bytes 128 to 159 of Latin-1; its five unused bytes stay control characters.</summary>
internal static class Windows1252
{
    private const string From128To159 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

    public static char FromByte(byte value) => value is >= 0x80 and < 0xA0 ? From128To159[value - 0x80] : (char)value;

    /// <summary>The byte of a character, Latin-1's control characters included; null for a character of neither.</summary>
    public static byte? ToByte(char character) => character <= 'ÿ'
        ? (byte)character
        : From128To159.IndexOf(character) is >= 0 and var index ? (byte)(0x80 + index) : null;
}
