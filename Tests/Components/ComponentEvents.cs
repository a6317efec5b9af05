using Bunit;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Tests.Components;

public static class ComponentEvents
{
    /// <summary>
    /// Finds an element and sends it an event in one turn of the renderer. What a component reads beside the circuit may come at any moment and draws
    /// it anew: an element that was found before that takes no events.
    /// </summary>
    public static void Do<TComponent>(this IRenderedComponent<TComponent> component, Action act)
        where TComponent : IComponent => component.InvokeAsync(act).GetAwaiter().GetResult();
}
