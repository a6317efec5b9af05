using Dashboard.Backend.Files;
using Dashboard.Backend.Runs.Database;
using Dashboard.Web.Access;

namespace Dashboard.Tests.Web;

public sealed class AccessTests : IDisposable
{
    private readonly string _folder = RealPath.Of(Directory.CreateTempSubdirectory("dashboard-access-").FullName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("http://127.0.0.1:5080", true)]
    [InlineData("http://localhost:5080;http://[::1]:5080", true)]
    [InlineData("http://0.0.0.0:5080", false)]
    [InlineData("http://*:5080", false)]
    [InlineData("http://+:5080", false)]
    [InlineData("http://[::]:5080", false)]
    [InlineData("http://127.0.0.1:5080;http://10.0.0.1:5080", false)]
    [InlineData("http://lab.example:5080", false)]
    [InlineData("http://unix:/run/dashboard.sock", false)]
    [InlineData("http://127.0.0.1.lab.example:5080", false)]
    public void ListenAddresses_IsLoopbackUrl_NeedsEveryAddressToBeThisMachine(string urls, bool expected) =>
        Assert.Equal(expected, ListenAddresses.Parse(urls).All(ListenAddresses.IsLoopbackUrl));

    [Theory]
    [InlineData("")]
    [InlineData("5080")]
    [InlineData("https://127.0.0.1:5080")]
    public void ListenAddresses_Malformed_SaysWhatIsWanted(string urls) =>
        Assert.Contains("--urls", Assert.Throws<FormatException>(() => ListenAddresses.Parse(urls)).Message);

    [Fact]
    public void AllowedRoots_LinkOutOfTheRoot_IsRefused()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "root", "inside"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "root", "link"), "/usr");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "alias"), Path.Combine(_folder, "root"));
        var roots = new AllowedRoots([Path.Combine(_folder, "alias")]);

        Assert.Null(roots.Refuse(Path.Combine(_folder, "root", "inside", "not-yet-there.pth")));
        Assert.Null(roots.Refuse(Path.Combine(_folder, "alias", "inside")));
        foreach (var path in new[] { "root/link/share", "root/../other", "rootless", "root/inside/../../x" })
            Assert.Contains("Dashboard:Roots", roots.Refuse(Path.Combine(_folder, path)));
        Assert.Contains("absolute", roots.Refuse("root/inside"));
    }

    [Fact]
    public void RealPath_LinksInACircle_IsAnErrorAndNoPageMayNameIt()
    {
        File.CreateSymbolicLink(Path.Combine(_folder, "a"), Path.Combine(_folder, "b"));
        File.CreateSymbolicLink(Path.Combine(_folder, "b"), Path.Combine(_folder, "a"));

        Assert.Throws<IOException>(() => RealPath.Of(Path.Combine(_folder, "a")));
        Assert.Contains("circle", new AllowedRoots([_folder]).Refuse(Path.Combine(_folder, "a")));
    }

    [Fact]
    public void AccessToken_SecondStart_IsTheSame()
    {
        var first = AccessToken.LoadOrCreate(_folder);

        Assert.Equal(first.Value, AccessToken.LoadOrCreate(_folder).Value);
        Assert.True(first.Matches(first.Value));
        Assert.False(first.Matches(first.Value[..^1]));
        Assert.False(first.Matches(null));
    }
}
