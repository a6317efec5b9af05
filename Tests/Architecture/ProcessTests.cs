using Dashboard.Backend.Execution.Executors;
using Dashboard.Web.Server;
using Mono.Cecil;

namespace Dashboard.Tests.Architecture;

/// <summary>Whoever needs a process asks an executor: only these know how one is started.</summary>
public sealed class ProcessTests
{
    private static readonly string Executors = typeof(IExecutor).Namespace!;

    [Fact]
    public void Processes_AreStartedByExecutorsAlone()
    {
        var elsewhere = from assembly in new[] { typeof(IExecutor).Assembly, typeof(DashboardServer).Assembly }
            from type in ModuleDefinition.ReadModule(assembly.Location).GetTypes()
            where NamespaceOf(type) != Executors
                && TypesIn(type).Any(used => used.FullName.StartsWith("System.Diagnostics.Process", StringComparison.Ordinal))
            select type.FullName;

        Assert.Empty(elsewhere);
    }

    private static string NamespaceOf(TypeDefinition type) => type.DeclaringType is { } outer ? NamespaceOf(outer) : type.Namespace;

    private static IEnumerable<TypeReference> TypesIn(TypeDefinition type) => type.Fields.Select(field => field.FieldType)
        .Concat(type.Methods.SelectMany(method => method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType)))
        .Concat(type.Methods.Where(method => method.HasBody).SelectMany(method => method.Body.Instructions)
            .Select(instruction => (instruction.Operand as MemberReference)?.DeclaringType).OfType<TypeReference>());
}
