using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Dashboard.KeepAlive;

/// <summary>
/// TorchSharp hands the address behind an object to libtorch and forgets the object: <c>THSTensor_add_scalar_(Handle, target.Handle,
/// alpha.Handle)</c>. The garbage collector may finalize it, and with it free what libtorch is reading, before the call is over; for the number in
/// <c>x.add_(1)</c>, which nobody else holds, it does so on a busy machine every few minutes of training. So every object whose <c>Handle</c> a
/// method reads is put into a variable and kept alive until that method returns.
/// </summary>
internal sealed class Handles(ModuleDefinition module)
{
    private readonly MethodReference _keepAlive =
        new("KeepAlive", module.TypeSystem.Void, new TypeReference("System", "GC", module, module.TypeSystem.CoreLibrary))
    {
        Parameters = { new ParameterDefinition(module.TypeSystem.Object) },
    };

    /// <summary>Reads of a handle that have been made safe.</summary>
    public int Kept { get; private set; }

    public void KeepAliveIn(MethodDefinition method)
    {
        var reads = method.Body.Instructions.Where(IsReadOfHandle).ToList();
        if (reads.Count == 0)
            return;
        method.Body.SimplifyMacros();
        method.Body.InitLocals = true;
        var code = method.Body.GetILProcessor();
        var owners = reads.Select(read => Remember(method.Body, code, read)).ToList();
        foreach (var end in method.Body.Instructions.Where(instruction => instruction.OpCode == OpCodes.Ret).ToList())
            KeepAliveUntil(end, owners, code);
        method.Body.OptimizeMacros();
        Kept += reads.Count;
    }

    /// <summary>Of TorchSharp's own classes: those of the runtime look after themselves.</summary>
    private static bool IsReadOfHandle(Instruction instruction) =>
        instruction.OpCode.Code is Code.Call or Code.Callvirt
            && instruction.Operand is MethodReference { Name: "get_Handle", HasThis: true, DeclaringType: { IsValueType: false } type }
        && type.FullName.StartsWith("TorchSharp.", StringComparison.Ordinal);

    /// <summary>
    /// The object is on the stack when its handle is read: <c>dup, stloc</c> before, at the place of the read itself, so that branches to it still
    /// meet them.
    /// </summary>
    private static VariableDefinition Remember(MethodBody body, ILProcessor code, Instruction read)
    {
        var owner = new VariableDefinition(body.Method.Module.TypeSystem.Object);
        body.Variables.Add(owner);
        var (kind, getter) = (read.OpCode, (MethodReference)read.Operand);
        (read.OpCode, read.Operand) = (OpCodes.Dup, null);
        var store = code.Create(OpCodes.Stloc, owner);
        code.InsertAfter(read, store);
        code.InsertAfter(store, code.Create(kind, getter));
        return owner;
    }

    /// <summary>
    /// Again at the place of the instruction: the return comes last, and what went to it goes to the first of what is put before it.
    /// </summary>
    private void KeepAliveUntil(Instruction end, List<VariableDefinition> owners, ILProcessor code)
    {
        var last = end;
        foreach (var (index, owner) in owners.Index())
        {
            if (index == 0)
                (end.OpCode, end.Operand) = (OpCodes.Ldloc, owner);
            else
                last = Append(last, code.Create(OpCodes.Ldloc, owner));
            last = Append(last, code.Create(OpCodes.Call, _keepAlive));
        }
        Append(last, code.Create(OpCodes.Ret));

        Instruction Append(Instruction before, Instruction next)
        {
            code.InsertAfter(before, next);
            return next;
        }
    }
}
