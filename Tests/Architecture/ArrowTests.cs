using Dashboard.Backend.Images;
using Dashboard.Domain.Runs;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Dashboard.Tests.Architecture;

/// <summary>Who may know whom. Read from the built program, so that no using line and no qualified name hides an arrow.</summary>
public sealed class ArrowTests
{
    private const string Backend = "Dashboard.Backend.";

    /// <summary>
    /// Rooms whose folders are rooms of their own: methods know nothing of each other's registry, the store nothing of the planner.
    /// </summary>
    private static readonly string[] Divided = ["Methods", "Runs", "Execution"];

    /// <summary>From the ground up. A room knows those before it; which of them, the code says.</summary>
    private static readonly string[][] Floors =
    [
        ["", "Files", "Libtorch"],
        ["Images", "Text", "Weights"],
        ["Datasets", "Models", "Postprocess"],
        ["Pretrained"],
        ["Runs"],
        ["Runs/Log", "Runs/Database"],
        ["Evaluation", "Runs/Store", "Training"],
        ["Exchange"],
        ["Methods/*"],
        ["Methods"],
        ["Runs/Plan"],
        ["Runs/Sweeps"],
        ["Execution/*"],
        ["Inference"],
    ];

    [Fact]
    public void Domain_KnowsNobody() =>
        Assert.DoesNotContain(typeof(RunSpec).Assembly.GetReferencedAssemblies(),
            name => name.Name!.StartsWith("Dashboard", StringComparison.Ordinal));

    [Fact]
    public void Backend_KnowsDomainOnly() =>
        Assert.Equal(
            ["Dashboard.Domain"],
            typeof(ImageFile).Assembly.GetReferencedAssemblies()
                .Select(name => name.Name!)
                .Where(name => name.StartsWith("Dashboard", StringComparison.Ordinal)));

    [Fact]
    public void Backend_HasNoCircles()
    {
        var arrows = Arrows();
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var room in arrows.Keys)
            Walk(room, []);

        void Walk(string room, IReadOnlyList<string> path)
        {
            Assert.False(path.Contains(room), $"A circle: {string.Join(" -> ", path.SkipWhile(step => step != room).Append(room))}.");
            if (!done.Contains(room))
                foreach (var next in arrows.GetValueOrDefault(room, []).Keys)
                    Walk(next, [.. path, room]);
            done.Add(room);
        }
    }

    [Fact]
    public void Backend_KnowsOnlyWhatLiesBelow()
    {
        var upward = from room in Arrows()
            from arrow in room.Value
            where Floor(arrow.Key) > Floor(room.Key)
            select $"{room.Key} -> {arrow.Key}: {arrow.Value}";
        Assert.Empty(upward);
    }

    private static int Floor(string room)
    {
        var floor = Array.FindIndex(Floors, rooms => rooms.Contains(room) || (room.Contains('/') && rooms.Contains(room.Split('/')[0] + "/*")));
        return floor >= 0
            ? floor
            : throw new InvalidOperationException($"Backend/{room} stands on no floor. Say in {nameof(ArrowTests)} which rooms it may know.");
    }

    /// <summary>Room by room: the rooms that it knows, each with one type that shows it.</summary>
    private static Dictionary<string, Dictionary<string, string>> Arrows()
    {
        using var module = ModuleDefinition.ReadModule(typeof(ImageFile).Assembly.Location);
        var arrows = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var type in module.GetTypes().Where(type => RoomOf(type) is not null))
            foreach (var known in Known(type).Where(known => RoomOf(known) is { } room && room != RoomOf(type)))
            {
                if (!arrows.TryGetValue(RoomOf(type)!, out var rooms))
                    arrows[RoomOf(type)!] = rooms = new(StringComparer.Ordinal);
                rooms.TryAdd(RoomOf(known)!, $"{type.Name} names {known.Name}");
            }
        return arrows;
    }

    private static string? RoomOf(TypeReference type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        if (!(type.Namespace + ".").StartsWith(Backend, StringComparison.Ordinal))
            return null;
        var rooms = (type.Namespace + ".")[Backend.Length..].Split('.', StringSplitOptions.RemoveEmptyEntries);
        return rooms switch
        {
            [] => "",
            [var first, var second, ..] when Divided.Contains(first) => $"{first}/{second}",
            [var first, ..] => first,
        };
    }

    private static IEnumerable<TypeReference> Known(TypeDefinition type) => new[] { type.BaseType }
        .Concat(type.Interfaces.Select(implemented => implemented.InterfaceType))
        .Concat(type.Fields.Select(field => field.FieldType))
        .Concat(type.Methods.SelectMany(method => method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType)))
        .Concat(type.Methods.Where(method => method.HasBody).SelectMany(method => method.Body.Instructions).SelectMany(Operands))
        .OfType<TypeReference>()
        .SelectMany(Parts);

    private static IEnumerable<TypeReference> Operands(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        GenericInstanceMethod method => [method.DeclaringType, .. method.GenericArguments],
        MemberReference member => [member.DeclaringType],
        _ => [],
    };

    /// <summary>A list of soft maps is made of lists and of soft maps.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        TypeSpecification { ElementType: { } element } => Parts(element),
        _ => [type],
    };
}
