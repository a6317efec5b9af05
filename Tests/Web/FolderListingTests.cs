using Dashboard.Tests.Datasets;
using Dashboard.Web.Access;

namespace Dashboard.Tests.Web;

public sealed class FolderListingTests
{
    [Fact]
    public void Of_AFolder_HasFoldersBeforeFilesAndNothingHidden()
    {
        using var folder = new TempFolder();
        folder.Write("b.txt", "text");
        folder.Write("sub/inner.txt", "text");
        folder.Write(".secret", "text");
        var roots = new AllowedRoots([folder.Path]);

        var listing = FolderListing.Of(folder.Path, roots);

        Assert.Equal(["sub", "b.txt"], listing.Entries.Select(entry => entry.Name));
        Assert.Equal([null, 4L], listing.Entries.Select(entry => entry.Bytes));
        Assert.Null(listing.Parent);
        Assert.Equal(folder.Path, FolderListing.Of(folder.File("sub"), roots).Parent);
    }

    /// <summary>A link out of the allowed folders is listed, and not followed.</summary>
    [Fact]
    public void Of_ALinkOut_IsRefused()
    {
        using var folder = new TempFolder();
        using var elsewhere = new TempFolder();
        Directory.CreateSymbolicLink(folder.File("out"), elsewhere.Path);
        var roots = new AllowedRoots([folder.Path]);

        Assert.True(Assert.Single(FolderListing.Of(folder.Path, roots).Entries).IsFolder);
        Assert.Contains("lies outside", Assert.Throws<IOException>(() => FolderListing.Of(folder.File("out"), roots)).Message);
        Assert.Contains("lies outside", Assert.Throws<IOException>(() => FolderListing.Of("/etc", roots)).Message);
    }

    [Fact]
    public void Of_NoFolder_SaysSo()
    {
        using var folder = new TempFolder();
        folder.Write("a.txt", "text");
        var roots = new AllowedRoots([folder.Path]);

        Assert.Contains("There is no folder", Assert.Throws<IOException>(() => FolderListing.Of(folder.File("a.txt"), roots)).Message);
    }
}
