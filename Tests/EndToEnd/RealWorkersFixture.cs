namespace Dashboard.Tests.EndToEnd;

/// <summary>The same with workers that really train.</summary>
public sealed class RealWorkersFixture : BrowserFixture
{
    protected override string Program => RealProgramFixture.Program;
}
