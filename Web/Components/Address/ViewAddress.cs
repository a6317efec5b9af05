using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.JSInterop;

namespace Dashboard.Web.Components.Address;

/// <summary>
/// The choices of the open page's view, which stand in its address. A change holds here at once; the browser follows. Read from
/// <see cref="NavigationManager"/>, which learns of a change a round trip later, a second choice would be computed without the first and undo it.
/// </summary>
public sealed class ViewAddress : IDisposable
{
    private readonly NavigationManager _navigation;
    private readonly IJSRuntime _script;

    /// <summary>Changes that the browser has not yet confirmed.</summary>
    private readonly List<IReadOnlyList<(string Name, StringValues Values)>> _unconfirmed = [];

    private Task<IJSObjectReference>? _module;

    /// <summary>Where the browser last went.</summary>
    private string? _visited;

    private string _page = "";
    private Dictionary<string, StringValues> _query = [];

    public ViewAddress(NavigationManager navigation, IJSRuntime script)
    {
        (_navigation, _script) = (navigation, script);
        Source = new CascadingValueSource<ViewAddress>(this, isFixed: false);
    }

    /// <summary>Gives the address, and word of its changes, to the components that name it as a cascading parameter.</summary>
    public CascadingValueSource<ViewAddress> Source { get; }

    /// <summary>A choice, the first where several are given; null where none is. An empty value in a typed address means no choice.</summary>
    public string? this[string name] => All(name) is [{ Length: > 0 } first, ..] ? first : null;

    /// <summary>All values of a choice, empty ones too.</summary>
    public IReadOnlyList<string> All(string name) => [.. Query.GetValueOrDefault(name).Select(value => value ?? "")];

    /// <summary>The address with some choices changed, for a link; a choice without a value is taken out.</summary>
    public string With(params IReadOnlyList<(string Name, StringValues Values)> choices)
    {
        var query = Changed(Query, choices);
        return QueryHelpers.AddQueryString(_page, query);
    }

    /// <summary>Changes choices in place: the way back leads to the page before, not to the choice before.</summary>
    public void Change(params IReadOnlyList<(string Name, StringValues Values)> choices)
    {
        _query = Changed(Query, choices);
        _unconfirmed.Add(choices);
        _ = WriteAsync();
        _ = Source.NotifyChangedAsync();
    }

    /// <summary>Changes one choice to what a field holds; null and empty take it out.</summary>
    public void Choose(string name, string? value) => Change((name, string.IsNullOrEmpty(value) ? default : value));

    private Dictionary<string, StringValues> Query
    {
        get
        {
            // Not in the constructor: it runs before the navigation manager knows where it is.
            if (_visited is null)
                _navigation.LocationChanged += OnLocationChanged;
            // A page that was just opened may read this before the change of the address is told.
            if (_visited != _navigation.Uri)
                Visit();
            return _query;
        }
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs e)
    {
        Visit();
        _ = Source.NotifyChangedAsync();
    }

    private void Visit()
    {
        var uri = new Uri(_visited = _navigation.Uri);
        var page = uri.GetLeftPart(UriPartial.Path);
        _query = QueryHelpers.ParseQuery(uri.Query);
        // A link of the same page was quicker than the last choices: they are written into its address when they arrive.
        if (page == _page)
            _query = _unconfirmed.Aggregate(_query, Changed);
        else
            _unconfirmed.Clear();
        _page = page;
    }

    private static Dictionary<string, StringValues> Changed(Dictionary<string, StringValues> query,
        IReadOnlyList<(string Name, StringValues Values)> choices)
    {
        var changed = new Dictionary<string, StringValues>(query, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in choices)
            changed[name] = values;
        return changed;
    }

    /// <summary>Writes what the browser has not confirmed: its line was lost, and is back.</summary>
    public void WriteAgain()
    {
        if (_unconfirmed.Count > 0)
            _ = WriteAsync();
    }

    private async Task WriteAsync()
    {
        try
        {
            var module = await (_module ??= _script.InvokeAsync<IJSObjectReference>("import", "/js/address.js").AsTask());
            // All that is unconfirmed, not the newest choice alone: those that waited for the module leave after one made when it had just arrived,
            // and would undo it; and one may have been lost with the line.
            var sent = _unconfirmed.ToList();
            if (sent.Count == 0)
                return;
            var choices = sent.Aggregate(new Dictionary<string, StringValues>(), Changed);
            await module.InvokeVoidAsync("writeChoicesOf", new Uri(_page).AbsolutePath,
                choices.ToDictionary(choice => choice.Key, choice => choice.Value.ToArray()));
            _unconfirmed.RemoveAll(sent.Contains);
        }
        catch (JSException)
        {
            // The address stays behind the view until the module can be loaded.
            _module = null;
        }
        catch (Exception error) when (error is JSDisconnectedException or OperationCanceledException)
        {
            // The page was closed meanwhile, or its line was lost.
        }
    }

    public void Dispose()
    {
        if (_visited is not null)
            _navigation.LocationChanged -= OnLocationChanged;
    }
}
