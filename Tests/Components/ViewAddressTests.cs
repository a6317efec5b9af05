using Dashboard.Web.Components.Address;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dashboard.Tests.Components;

/// <summary>The browser answers late here, or never: what was chosen must hold without it, and stand in its address in the end.</summary>
public sealed class ViewAddressTests
{
    private readonly Visits _visits = new("http://localhost/runs?state=running");

    [Fact]
    public void Change_SecondBeforeTheBrowserAnswers_KeepsTheFirst()
    {
        using var address = new ViewAddress(_visits, new Browser());

        address.Change(("with", "a"));
        address.Change(("with", address["with"] + ",b"));
        address.Change(("state", default), ("q", "cam"));

        Assert.Equal("a,b", address["with"]);
        Assert.Equal("cam", address["q"]);
        Assert.Null(address["state"]);
    }

    /// <summary>Each writes all filters, the first without the second's method: it must not be the last word.</summary>
    [Fact]
    public void Change_AsTheModuleArrives_IsNotUndoneByOneThatWaitedForIt()
    {
        var (browser, turns) = (new Browser(), new Turns());
        using var address = new ViewAddress(_visits, browser);

        turns.Take(() => address.Change(("q", "cam"), ("method", default)));
        browser.Answer();
        turns.Take(() => address.Change(("q", "cam"), ("method", "clims")));
        turns.TakeAll();

        Assert.Equal(new() { ["q"] = "cam", ["method"] = "clims" }, browser.Address);
    }

    [Fact]
    public void Change_ThatWasLost_IsWrittenWithTheNextOrWhenTheLineIsBack()
    {
        var browser = new Browser();
        using var address = new ViewAddress(_visits, browser);
        address.Change(("q", "cam"));
        browser.Fail();
        address.Change(("state", "finished"));
        browser.Fail();

        browser.Answer();
        address.WriteAgain();

        Assert.Equal(new() { ["q"] = "cam", ["state"] = "finished" }, browser.Address);
    }

    [Fact]
    public void Change_ThatWasLost_IsNotWrittenIntoThePageAfter()
    {
        var browser = new Browser();
        using var address = new ViewAddress(_visits, browser);
        address.Change(("q", "cam"));
        browser.Fail();
        _visits.Visit("http://localhost/leaderboard");
        address.Change(("class", "boat"));

        browser.Answer();

        Assert.Equal(new() { ["class"] = "boat" }, browser.Address);
        Assert.Null(address["q"]);
    }

    [Fact]
    public void With_OtherChoices_KeepsThemAndChangesNothing()
    {
        using var address = new ViewAddress(_visits, new Browser());

        Assert.Equal("http://localhost/runs?state=running&set=a%3D1&set=b%3D2", address.With(("set", new[] { "a=1", "b=2" })));
        Assert.Equal("http://localhost/runs", address.With(("state", default)));
        Assert.Equal("running", address["state"]);
        Assert.Empty(address.All("set"));
    }

    [Fact]
    public void Values_Empty_AreNoChoiceButAreListed()
    {
        _visits.Visit("http://localhost/new?baseline=&seed=3");
        using var address = new ViewAddress(_visits, new Browser());

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
        var browser = new Browser();
        using var address = new ViewAddress(_visits, browser);
        address.Change(("q", "cam"));
        if (confirmed)
            browser.Answer();

        _visits.Visit(next);

        Assert.Null(address["q"]);
    }

    /// <summary>The browser will write the choice into the address that it is now at.</summary>
    [Fact]
    public void Visit_OfTheSamePageBeforeAChangeIsConfirmed_KeepsTheChange()
    {
        using var address = new ViewAddress(_visits, new Browser());
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
        using var address = new ViewAddress(_visits, new Browser());
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

    private sealed class Browser : IJSRuntime, IJSObjectReference
    {
        private TaskCompletionSource<IJSObjectReference> _module = new();

        /// <summary>What stands in its address.</summary>
        public Dictionary<string, string?> Address { get; } = [];

        /// <summary>Answers what waits and what comes.</summary>
        public void Answer() => _module.SetResult(this);

        /// <summary>The module cannot be loaded now; the next try waits again.</summary>
        public void Fail()
        {
            var module = _module;
            _module = new();
            module.SetException(new JSException("Failed to fetch dynamically imported module."));
        }

        ValueTask<TValue> IJSRuntime.InvokeAsync<TValue>(string identifier, object?[]? args) => new((Task<TValue>)(object)_module.Task);

        ValueTask<TValue> IJSObjectReference.InvokeAsync<TValue>(string identifier, object?[]? args)
        {
            foreach (var (name, values) in (Dictionary<string, string?[]>)args![1]!)
                Address[name] = values.SingleOrDefault();
            return default;
        }

        ValueTask<TValue> IJSRuntime.InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) =>
            ((IJSRuntime)this).InvokeAsync<TValue>(identifier, args);

        ValueTask<TValue> IJSObjectReference.InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) =>
            ((IJSObjectReference)this).InvokeAsync<TValue>(identifier, args);

        public ValueTask DisposeAsync() => default;
    }

    /// <summary>One thing after the other, as on a circuit: what waited goes on when its turn comes.</summary>
    private sealed class Turns : SynchronizationContext
    {
        private readonly Queue<Action> _waiting = [];

        public override void Post(SendOrPostCallback callback, object? state) => _waiting.Enqueue(() => callback(state));

        public void Take(Action turn)
        {
            var before = Current;
            SetSynchronizationContext(this);
            try
            {
                turn();
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }

        public void TakeAll()
        {
            while (_waiting.TryDequeue(out var turn))
                Take(turn);
        }
    }
}
