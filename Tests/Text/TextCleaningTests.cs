using Dashboard.Backend.Text;

namespace Dashboard.Tests.Text;

public sealed class TextCleaningTests
{
    [Theory]
    [InlineData("  A\tPhoto\r\nof   a CAT. ", "a photo of a cat.")]
    [InlineData("&lt;b&gt; &amp;amp; &quot;x&quot; &#39;y&#39; &#x41;", "<b> & \"x\" 'y' a")]
    [InlineData("&notanentity; &amp &copy2020 Tom &Jerry", "¬anentity; & ©2020 tom &jerry")]
    [InlineData("&nbsp;&#128;&#0;&#xFFFFFFFF;", "€\uFFFD\uFFFD")]
    [InlineData("cafÃ© donâ€™t", "café don't")]
    [InlineData("café naïve", "café naïve")]
    [InlineData("“curly” ‘quotes’ — dash …", "\"curly\" 'quotes' — dash …")]
    [InlineData("ﬁne ﬂuﬀy ＡＢＣ１２３！", "fine fluffy abc123!")]
    [InlineData("\0con\atrols\x1b[31mred\x1b[0m\ufeff", "controlsred")]
    [InlineData("e\u0301 A\u030A", "é å")]
    [InlineData("ΣΊΣΥΦΟΣ İ ẞ", "σίσυφος i\u0307 ß")]
    public void Clean_Text_IsWhatFtfyAndClipMakeOfIt(string text, string cleaned) => Assert.Equal(cleaned, TextCleaning.Clean(text));

    [Fact]
    public void Clean_ReferencesWithinReferencesWithoutEnd_Ends() =>
        Assert.StartsWith("&", TextCleaning.Clean("&" + string.Concat(Enumerable.Repeat("amp;", 50_000))), StringComparison.Ordinal);
}
