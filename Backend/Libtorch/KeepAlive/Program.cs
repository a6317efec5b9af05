using Dashboard.KeepAlive;
using Mono.Cecil;

// keep-alive ASSEMBLY OUTPUT
using var module = ModuleDefinition.ReadModule(args[0]);
var handles = new Handles(module);
foreach (var method in module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody))
    handles.KeepAliveIn(method);
var finalizers = Finalizers.LeaveTensors(module);
Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(args[1]))!);
module.Write(args[1]);
Console.WriteLine($"{args[1]}: {handles.Kept} handles are kept alive, {finalizers} finalizer leaves tensors to those who hold them.");
return handles.Kept > 0 && finalizers == 1 ? 0 : 1;
