using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>
            /// All parameters and then all persistent buffers under their dotted names, with <paramref name="prefix"/> and a dot in front where one is given.
            /// The tensors are the module's own, not copies.
            /// </summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                var path = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                foreach (var (name, parameter) in named_parameters())
                    destination.TryAdd(path + name, parameter);
                foreach (var (name, buffer) in named_buffers(include_nonpersistent: false))
                    destination.TryAdd(path + name, buffer);
                return destination;
            }

            /// <summary>Copies the tensors of <paramref name="source"/> into this module's parameters and buffers of the same names, converting type and device.</summary>
            /// <param name="strict">Whether names present on one side only are an error.</param>
            /// <param name="skip">Names to leave alone.</param>
            /// <returns>The names that the source lacks, and those that this module lacks.</returns>
            /// <exception cref="InvalidOperationException">Names differ (when strict) or shapes differ; nothing was copied.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                skip ??= [];
                var own = state_dict();
                var missing = own.Keys.Where(key => !source.ContainsKey(key) && !skip.Contains(key)).ToList();
                var unexpected = source.Keys.Where(key => !own.ContainsKey(key) && !skip.Contains(key)).ToList();
                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException(
                        $"The state does not fit {GetName()}: missing {NamesOrNone(missing)}; unexpected {NamesOrNone(unexpected)}.");

                var common = own.Where(entry => source.ContainsKey(entry.Key) && !skip.Contains(entry.Key)).ToList();
                foreach (var (key, tensor) in common)
                    if (!tensor.shape.SequenceEqual(source[key].shape))
                        throw new InvalidOperationException(
                            $"The state does not fit {GetName()}: {key} has shape [{string.Join(", ", source[key].shape)}], expected [{string.Join(", ", tensor.shape)}].");

                using var noGrad = torch.no_grad();
                foreach (var (key, tensor) in common)
                    Boxed.CallVoid("aten::copy_", tensor, source[key]);
                return (missing, unexpected);
            }

            /// <summary>Writes <see cref="state_dict"/> to a file, in TorchSharp's own format.</summary>
            /// <param name="skip">Names to leave out.</param>
            public Module save(string location, IList<string>? skip = null)
            {
                using var stream = File.Create(location);
                return save(stream, skip);
            }

            public Module save(Stream stream, IList<string>? skip = null)
            {
                using var writer = new BinaryWriter(stream);
                return save(writer, skip);
            }

            public Module save(BinaryWriter writer, IList<string>? skip = null)
            {
                save_state_dict(writer, state_dict(), skip);
                return this;
            }

            /// <summary>Writes a count and then each name with its tensor.</summary>
            public static void save_state_dict(BinaryWriter writer, Dictionary<string, Tensor> sd, IList<string>? skip = null)
            {
                var kept = sd.Where(entry => skip is null || !skip.Contains(entry.Key)).ToList();
                writer.Write7BitEncodedInt64(kept.Count);
                foreach (var (key, tensor) in kept)
                {
                    writer.Write(key);
                    tensor.Save(writer);
                }
            }

            /// <summary>Reads what <see cref="save(string, IList{string})"/> wrote.</summary>
            /// <param name="strict">Whether names present on one side only are an error.</param>
            /// <param name="skip">Names to leave alone.</param>
            /// <param name="loadedParameters">Receives, for each name met, whether it was loaded.</param>
            /// <exception cref="FileNotFoundException">There is no such file.</exception>
            /// <exception cref="InvalidDataException">The file is cut off, or its names, types or shapes do not fit this module.</exception>
            public virtual Module load(string location, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                if (!File.Exists(location))
                    throw new FileNotFoundException($"There is no file {location} to load {GetName()} from.", location);
                using var reader = new BinaryReader(File.OpenRead(location));
                try
                {
                    return load(reader, strict, skip, loadedParameters);
                }
                catch (Exception e) when (e is ArgumentException or EndOfStreamException or InvalidDataException)
                {
                    throw new InvalidDataException($"{location} cannot be loaded into {GetName()}: {e.Message}", e);
                }
            }

            /// <exception cref="ArgumentException">The stream's names, types or shapes do not fit this module.</exception>
            /// <exception cref="EndOfStreamException">The stream is cut off.</exception>
            public virtual Module load(BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                var own = state_dict();
                var count = reader.Read7BitEncodedInt64();
                if (strict && count != own.Count)
                    throw new ArgumentException($"{GetName()} has {own.Count} tensors, the file {count}.");
                for (var i = 0L; i < count; i++)
                {
                    var key = reader.ReadString();
                    if (!own.TryGetValue(key, out var tensor) && strict)
                        throw new ArgumentException($"{GetName()} has no parameter or buffer named '{key}'.");
                    var load = tensor is not null && skip?.Contains(key) != true;
                    if (tensor is null)
                        TensorExtensionMethods.PassOverTensor(reader);
                    else
                        tensor.Load(reader, skip: !load);
                    if (loadedParameters is not null)
                        loadedParameters[key] = load;
                }

                return this;
            }

            private static string NamesOrNone(List<string> names) => names.Count == 0 ? "nothing" : string.Join(", ", names);
        }
    }
}
