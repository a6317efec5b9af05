using Dashboard.Web.Components.Address;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dashboard.Tests.Components;

/// <summary>The browser never answers here: what was chosen must hold without it.</summary>
public sealed class ViewAddressTests
{
    private readonly Visits _visits = new("http://localhost/runs?state=running");

    [Fact]
    public void Change_SecondBeforeTheBrowserAnswers_KeepsTheFirst()
    {
        using var address = new ViewAddress(_visits, new SilentBrowser());

        address.Change(("with", "a"));
        address.Change(("with", address["with"] + ",b"));
        address.Change(("state", default), ("q", "cam"));

        Assert.Equal("a,b", address["with"]);
        Assert.Equal("cam", address["q"]);
        Assert.Null(address["state"]);
    }

    [Fact]
    public void With_OtherChoices_KeepsThemAndChangesNothing()
    {
        using var address = new ViewAddress(_visits, new SilentBrowser());

        Assert.Equal("http://localhost/runs?state=running&set=a%3D1&set=b%3D2", address.With(("set", new[] { "a=1", "b=2" })));
        Assert.Equal("http://localhost/runs", address.With(("state", default)));
        Assert.Equal("running", address["state"]);
        Assert.Empty(address.All("set"));
    }

    [Fact]
    public void Values_Empty_AreNoChoiceButAreListed()
    {
        _visits.Visit("http://localhost/new?baseline=&seed=3");
        using var address = new ViewAddress(_visits, new SilentBrowser());

        Assert.Null(address["baseline"]);
        Assert.Equal([""], address.All("baseline"));
        Assert.Equal("3", address["seed"]);
    }

    [Theory]
    [InlineData("http://localhost/runs?state=running", true)] // the menu's link to the page that is open
    [InlineData("http://localhost/leaderboard", true)]
    [InlineData("http://localhost/leaderboard", false)]
    public void Visit_AfterAChange_ForgetsTheChange(string next, bool confirmed)
    {
        var browser = new SilentBrowser();
        using var address = new ViewAddress(_visits, browser);
        address.Change(("q", "cam"));
        if (confirmed)
            browser.Confirm();

        _visits.Visit(next);

        Assert.Null(address["q"]);
    }

    /// <summary>The browser will write the choice into the address that it is now at.</summary>
    [Fact]
    public void Visit_OfTheSamePageBeforeAChangeIsConfirmed_KeepsTheChange()
    {
        using var address = new ViewAddress(_visits, new SilentBrowser());
        address.Change(("opacity", "70"));

        _visits.Visit("http://localhost/runs?image=a");

        Assert.Equal("70", address["opacity"]);
        Assert.Equal("a", address["image"]);
        Assert.Null(address["state"]);
    }

    [Fact]
    public void Visit_ReadBeforeItIsTold_IsSeen()
    {
        string? seen = null;
        using var address = new ViewAddress(_visits, new SilentBrowser());
        // The router, which opens the next page, listens first.
        _visits.LocationChanged += (_, _) => seen = address["class"];
        address.Change(("class", "boat"));

        _visits.Visit("http://localhost/leaderboard?class=sheep");

        Assert.Equal("sheep", seen);
    }

    private sealed class Visits : NavigationManager
    {
        public Visits(string uri) => Initialize("http://localhost/", uri);

        public void Visit(string uri)
        {
            Uri = uri;
            NotifyLocationChanged(isInterceptedLink: true);
        }
    }

    private sealed class SilentBrowser : IJSRuntime
    {
        private readonly TaskCompletionSource<IJSObjectReference> _module = new();

        public void Confirm() => _module.SetException(new JSDisconnectedException("It writes nothing, and says so."));

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => new((Task<TValue>)(object)_module.Task);

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) =>
            InvokeAsync<TValue>(identifier, args);
    }
}
