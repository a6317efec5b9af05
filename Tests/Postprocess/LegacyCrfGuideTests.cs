using Dashboard.Backend.Postprocess;

namespace Dashboard.Tests.Postprocess;

public sealed class LegacyCrfGuideTests
{
    [Fact]
    public void Of_DarkAndBright_SwapsToBgrAndWrapsAround() =>
        Assert.Equal([150, 256 - 106, 256 - 2], LegacyCrfGuide.Of(new(1, 1, 3, [120, 10, 255])).Pixels);
}
