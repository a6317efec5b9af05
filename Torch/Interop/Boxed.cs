using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>
/// Calls ATen operators by schema name: <c>Boxed.Call("aten::add.Tensor", a, b)</c>. Arguments stand in the schema's order; missing
/// trailing ones take the schema's defaults. Errors of libtorch are <see cref="ExternalException"/>s with its message.
/// </summary>
internal static unsafe class Boxed
{
    private const int ScratchBytes = 512;

    private static readonly ConcurrentDictionary<string, nint> Operators = new();

    internal static Tensor Call(string op, params ReadOnlySpan<Arg> args)
    {
        NativeValue result = default;
        Invoke(op, args, &result, 1);
        return ToTensor(result);
    }

    internal static (Tensor, Tensor) Call2(string op, params ReadOnlySpan<Arg> args)
    {
        NativeValue* results = stackalloc NativeValue[2];
        Invoke(op, args, results, 2);
        return (ToTensor(results[0]), ToTensor(results[1]));
    }

    internal static (Tensor, Tensor, Tensor) Call3(string op, params ReadOnlySpan<Arg> args)
    {
        NativeValue* results = stackalloc NativeValue[3];
        Invoke(op, args, results, 3);
        return (ToTensor(results[0]), ToTensor(results[1]), ToTensor(results[2]));
    }

    /// <summary>For operators that return <c>Tensor[]</c>.</summary>
    internal static Tensor[] CallList(string op, params ReadOnlySpan<Arg> args)
    {
        NativeValue result = default;
        Invoke(op, args, &result, 1);
        var handles = (nint*)result.Bits;
        var tensors = new Tensor[result.Length];
        for (var i = 0; i < tensors.Length; i++) tensors[i] = new Tensor(handles[i]);
        Native.dashboard_free(handles);
        return tensors;
    }

    /// <summary>For operators that change their first argument, which is then the result: no second object for it.</summary>
    internal static Tensor InPlace(string op, params ReadOnlySpan<Arg> args)
    {
        Invoke(op, args, null, 0);
        return (Tensor)args[0].Reference!;
    }

    /// <summary>For operators whose result nobody takes.</summary>
    internal static void CallVoid(string op, params ReadOnlySpan<Arg> args) => Invoke(op, args, null, 0);

    internal static bool CallBool(string op, params ReadOnlySpan<Arg> args)
    {
        NativeValue result = default;
        Invoke(op, args, &result, 1);
        return result.Bits != 0;
    }

    /// <summary>A number that an operator returns, e.g. <c>aten::item</c>.</summary>
    internal static Scalar CallScalar(string op, params ReadOnlySpan<Arg> args)
    {
        NativeValue result = default;
        Invoke(op, args, &result, 1);
        return new Scalar(result.Kind, result.Bits);
    }

    private static Tensor ToTensor(NativeValue value) => value.Bits == 0 ? null! : new Tensor((nint)value.Bits);

    private static nint Find(string op)
    {
        if (Operators.TryGetValue(op, out var known)) return known;
        var name = Marshal.StringToCoTaskMemUTF8(op);
        var found = Native.dashboard_operator((byte*)name);
        Marshal.FreeCoTaskMem(name);
        if (found == 0) Native.Throw();
        return Operators.GetOrAdd(op, found);
    }

    [SkipLocalsInit]
    private static void Invoke(string op, ReadOnlySpan<Arg> args, NativeValue* results, int capacity)
    {
        var handle = Find(op);
        var values = stackalloc NativeValue[args.Length];
        var needed = 0;
        foreach (ref readonly var arg in args) needed += ListBytes(arg);
        byte* stack = stackalloc byte[ScratchBytes];
        byte* scratch = needed <= ScratchBytes ? stack : (byte*)NativeMemory.Alloc((nuint)needed);
        try
        {
            var next = scratch;
            for (var i = 0; i < args.Length; i++) values[i] = Write(args[i], ref next);
            if (Native.dashboard_call(handle, values, args.Length, results, capacity) < 0) Native.Throw();
        }
        finally
        {
            if (scratch != stack) NativeMemory.Free(scratch);
            foreach (ref readonly var arg in args) GC.KeepAlive(arg.Reference);
        }
    }

    private static int ListBytes(in Arg arg) => arg.Kind switch
    {
        ArgKind.IntList => ((long[])arg.Reference!).Length * 8,
        ArgKind.DoubleList => ((double[])arg.Reference!).Length * 8,
        ArgKind.TensorList => ((Tensor?[])arg.Reference!).Length * 8,
        ArgKind.String => (Encoding.UTF8.GetByteCount((string)arg.Reference!) + 7) / 8 * 8,
        _ => 0,
    };

    private static NativeValue Write(in Arg arg, ref byte* next)
    {
        var value = new NativeValue { Kind = arg.Kind, Length = arg.Index, Bits = arg.Bits };
        switch (arg.Kind)
        {
            case ArgKind.Tensor:
                value.Bits = ((Tensor)arg.Reference!).Handle;
                break;
            case ArgKind.Generator:
                value.Bits = ((Generator)arg.Reference!).NativeHandle;
                break;
            case ArgKind.IntList:
                var ints = (long[])arg.Reference!;
                ints.CopyTo(new Span<long>(next, ints.Length));
                Advance(ref value, ints.Length, ref next);
                break;
            case ArgKind.DoubleList:
                var doubles = (double[])arg.Reference!;
                doubles.CopyTo(new Span<double>(next, doubles.Length));
                Advance(ref value, doubles.Length, ref next);
                break;
            case ArgKind.TensorList:
                var tensors = (Tensor?[])arg.Reference!;
                for (var i = 0; i < tensors.Length; i++) ((nint*)next)[i] = tensors[i]?.Handle ?? 0;
                Advance(ref value, tensors.Length, ref next);
                break;
            case ArgKind.String:
                var text = (string)arg.Reference!;
                value.Length = Encoding.UTF8.GetBytes(text, new Span<byte>(next, Encoding.UTF8.GetByteCount(text)));
                value.Bits = (long)next;
                next += (value.Length + 7) / 8 * 8;
                break;
        }
        return value;
    }

    private static void Advance(ref NativeValue value, int length, ref byte* next)
    {
        value.Length = length;
        value.Bits = (long)next;
        next += length * 8;
    }
}
