using System.Reflection;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods;
using Dashboard.Tests.Golden;
using Dashboard.Tests.Libtorch;
using Dashboard.Web.Server;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Dashboard.Tests.Architecture;

/// <summary>
/// Which test classes come to TorchSharp in this process, by the calls of the built program: of what is called, and of every type that is made.
/// Calls by way of <see cref="MethodRegistry"/> are not followed: the planner and the queue ask it, and libtorch is left to workers there.
/// </summary>
public sealed class LibtorchUseTests
{
    private readonly Dictionary<string, TypeDefinition> _types;
    private readonly Dictionary<MethodDefinition, (IReadOnlyList<IMemberDefinition> Uses, bool CallsTorch)> _read = [];

    public LibtorchUseTests() =>
        _types = new[] { typeof(LibtorchUseTests), typeof(ImageFile), typeof(DashboardServer) }
            .SelectMany(type => ModuleDefinition.ReadModule(type.Assembly.Location).GetTypes())
            .DistinctBy(type => type.FullName).ToDictionary(type => type.FullName);

    [Fact]
    public void TestClasses_ThatUseLibtorchHere_AreInItsCollection()
    {
        string[] ofTheProcess = [LibtorchCollection.Name, WholeProcess.Name];
        var missing = TestClasses().Where(type => type != typeof(LibtorchUseTests))
            .Where(type => !ofTheProcess.Contains(type.GetCustomAttributesData()
                .FirstOrDefault(data => data.AttributeType == typeof(CollectionAttribute))?.ConstructorArguments[0].Value))
            .Select(type => (type.Name, Way: WayToTorch(_types[type.FullName!])))
            .Where(found => found.Way is not null)
            .Select(found => $"{found.Name} needs [Collection(LibtorchCollection.Name)]: {found.Way}");
        Assert.Empty(missing);
    }

    /// <summary>Golden cases are found by reflection, which is not followed.</summary>
    [Fact]
    public void WayToTorch_OfWhatUsesIt_IsFound() =>
        Assert.All([typeof(Methods.Cam.CamTrainerTests), typeof(Models.ResNetTests), typeof(GoldenTensors)],
            type => Assert.NotNull(WayToTorch(_types[type.FullName!])));

    private static IEnumerable<Type> TestClasses() =>
        typeof(LibtorchUseTests).Assembly.GetTypes().Where(type => type is { IsPublic: true, IsAbstract: false }
            && type.GetMethods().Any(method => method.GetCustomAttributes<FactAttribute>().Any()));

    /// <summary>The calls that lead from a class to TorchSharp; null if none does.</summary>
    private string? WayToTorch(TypeDefinition start)
    {
        var waiting = new Queue<(IMemberDefinition Member, string Way)>();
        var seen = new HashSet<IMemberDefinition>();
        foreach (var type in Fixtures(start).Prepend(start))
            foreach (var method in type.Methods)
                Visit(method, type.Name);
        while (waiting.TryDequeue(out var next))
        {
            if (next.Member is TypeDefinition made)
                foreach (var member in MadeWith(made))
                    Visit(member, next.Way);
            else if (Read((MethodDefinition)next.Member) is var (uses, callsTorch))
            {
                if (callsTorch)
                    return next.Way;
                foreach (var use in uses)
                    Visit(use, $"{next.Way} > {use.Name}");
            }
        }
        return null;

        void Visit(IMemberDefinition member, string way)
        {
            if ((member as TypeDefinition ?? member.DeclaringType).Name != nameof(MethodRegistry) && seen.Add(member))
                waiting.Enqueue((member, way));
        }
    }

    private IEnumerable<TypeDefinition> Fixtures(TypeDefinition test) =>
        test.Interfaces.Select(implemented => implemented.InterfaceType).OfType<GenericInstanceType>()
            .SelectMany(fixture => fixture.GenericArguments).Select(Find).OfType<TypeDefinition>();

    /// <summary>What may run once an object of a type is there: its own and inherited virtual methods, and all of a closure's.</summary>
    private IEnumerable<IMemberDefinition> MadeWith(TypeDefinition type)
    {
        foreach (var method in type.Methods.Where(method => method.IsVirtual || method.IsConstructor || type.Name.StartsWith('<')))
            yield return method;
        if (Find(type.BaseType) is { } inherited)
            yield return inherited;
    }

    private (IReadOnlyList<IMemberDefinition> Uses, bool CallsTorch) Read(MethodDefinition method)
    {
        if (_read.TryGetValue(method, out var known))
            return known;
        var uses = new List<IMemberDefinition>();
        var callsTorch = false;
        foreach (var instruction in method.HasBody ? method.Body.Instructions : [])
        {
            if (instruction.Operand is not MemberReference { DeclaringType: { } owner })
                continue;
            callsTorch |= instruction.Operand is MethodReference
                && owner.GetElementType().FullName.StartsWith("TorchSharp.", StringComparison.Ordinal);
            if (Find(owner) is not { } type)
                continue;
            if (instruction.OpCode == OpCodes.Newobj)
                uses.Add(type);
            uses.AddRange(type.Methods.Where(candidate => instruction.Operand is MethodReference called
                ? candidate.Name == called.Name && candidate.Parameters.Count == called.Parameters.Count
                : candidate is { IsStatic: true, IsConstructor: true }));
        }
        return _read[method] = (uses, callsTorch);
    }

    private TypeDefinition? Find(TypeReference? reference) =>
        reference is null ? null : _types.GetValueOrDefault(reference.GetElementType().FullName);
}
