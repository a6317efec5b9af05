using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Dashboard.KeepAlive;

/// <summary>
/// When the garbage collector finds a network that nobody holds any more, TorchSharp's finalizer of it frees the weights of its BatchNorms, LayerNorms
/// and GroupNorms (their <c>Dispose(false)</c> does what <c>Dispose(true)</c> does), although somebody may hold the weights: whoever has read
/// <c>net.state_dict()</c> and does not need the network for anything else. Every tensor has a finalizer of its own, and so has the native module:
/// the network's has nothing to do.
/// </summary>
internal static class Finalizers
{
    /// <returns>How many calls were taken out: one.</returns>
    public static int LeaveTensors(ModuleDefinition module)
    {
        var finalizer = module.GetType("TorchSharp.torch/nn/Module").Methods.Single(method => method.Name == "Finalize");
        var calls = finalizer.Body.Instructions.Where(IsDispose).ToList();
        foreach (var call in calls)
        {
            // The network and 'false' lie on the stack.
            (call.OpCode, call.Operand) = (OpCodes.Pop, null);
            finalizer.Body.GetILProcessor().InsertAfter(call, Instruction.Create(OpCodes.Pop));
        }
        return calls.Count;
    }

    private static bool IsDispose(Instruction instruction) =>
        instruction.OpCode.Code is Code.Call or Code.Callvirt && instruction.Operand is MethodReference { Name: "Dispose", Parameters.Count: 1 };
}
