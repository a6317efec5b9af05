using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Dashboard.Backend.Weights;

namespace Dashboard.Tests.Weights;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("safetensors").FullName;
    private readonly string _path;

    public SafetensorsFileTests() => _path = Path.Combine(_folder, "model.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Of a file of ours: every value that is read is the one that was written, or the file is refused.</summary>
    [Fact]
    public void Read_AnyBitFlipped_IsNoticedOrChangesNothing()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("safetensors-bits").FullName, "m.safetensors");
        SafetensorsFile.Write(
            path,
            new Dictionary<string, TensorData> { ["conv.weight"] = TensorData.Of([1f, -2, 3, 4], 2, 2), ["steps"] = TensorData.Of([5L], 1) },
            new Dictionary<string, string> { ["vision_heads"] = "4", ["pooling"] = "loda" });
        var whole = File.ReadAllBytes(path);
        var unnoticed = new List<int>();
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var flipped = whole.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, flipped);
            try
            {
                using var file = CheckpointFile.Open(path);
                var same = file.Tensors.Count == 2 && file[
                    "conv.weight"].Shape.SequenceEqual([2L, 2]) && file["conv.weight"].ToFloats().SequenceEqual([1f, -2, 3, 4])
                    && file["steps"].ToInt64s().SequenceEqual([5L]) && file.Metadata.GetValueOrDefault("vision_heads") == "4"
                        && file.Metadata.GetValueOrDefault("pooling") == "loda";
                if (!same)
                    unnoticed.Add(bit);
            }
            catch (CheckpointException)
            {
                // Noticed.
            }
        }
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        Assert.Empty(unnoticed);
    }

    [Fact]
    public void Read_TensorWithAFlippedBit_NamesFileAndTensor()
    {
        var path = Path.GetTempFileName();
        SafetensorsFile.Write(path, new Dictionary<string, TensorData> { ["weight"] = TensorData.Of([1f], 1) });
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        using (var file = CheckpointFile.Open(path))
        {
            var error = Assert.Throws<CheckpointException>(() => file["weight"].ToFloats()).Message;
            Assert.StartsWith(path, error, StringComparison.Ordinal);
            Assert.Contains("the tensor 'weight' does not match its checksum", error, StringComparison.Ordinal);
        }
        File.Delete(path);
    }

    [Fact]
    public void Open_WhatWasWritten_GivesTensorsOfEveryTypeAndMetadata()
    {
        var written = Enum.GetValues<TensorType>().ToDictionary(
            type => $"a.{type}", type => new TensorData(type, [2, 3], () => [.. Enumerable.Range(0, 6 * type.Size()).Select(i => (byte)(i % 2))]));
        written["empty"] = TensorData.Of(Array.Empty<float>(), 4, 0);
        written["scalar"] = TensorData.Of([0.5f]);

        SafetensorsFile.Write(_path, written, new Dictionary<string, string> { ["step"] = "12" });

        using var checkpoint = CheckpointFile.Open(_path);
        Assert.Equal("safetensors", checkpoint.Format);
        Assert.Equal("12", checkpoint.Metadata["step"]);
        Assert.Equal(written.Keys.Order(), checkpoint.Tensors.Keys.Order());
        Assert.All(written, tensor =>
        {
            var read = checkpoint[tensor.Key];
            Assert.Equal((tensor.Value.Type, tensor.Value.Count), (read.Type, read.Count));
            Assert.Equal(tensor.Value.Shape, read.Shape);
            Assert.Equal(tensor.Value.ToBytes(), read.ToBytes());
        });
        Assert.Equal([_path], Directory.GetFiles(_folder));
    }

    /// <summary>The bytes that the safetensors package writes for this tensor.</summary>
    [Fact]
    public void Write_OneTensor_GivesTheFormatsBytes()
    {
        SafetensorsFile.Write(_path, new Dictionary<string, TensorData> { ["x"] = TensorData.Of([1f, -2], 1, 2) });
        var bytes = File.ReadAllBytes(_path);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, length));
        Assert.Equal(["__metadata__", "x"], header.RootElement.EnumerateObject().Select(entry => entry.Name));
        Assert.Equal("""{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}""", header.RootElement.GetProperty("x").GetRawText());
        Assert.All(header.RootElement.GetProperty("__metadata__").EnumerateObject(),
            remark => Assert.Equal(JsonValueKind.String, remark.Value.ValueKind));
        Assert.Equal([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0], bytes[(8 + length)..]);
    }

    [Fact]
    public void Write_FailsHalfway_LeavesTheOldFileAndNothingElse()
    {
        SafetensorsFile.Write(_path, new Dictionary<string, TensorData> { ["x"] = TensorData.Of([1f], 1) });
        var before = File.ReadAllBytes(_path);

        Assert.Throws<IOException>(() => SafetensorsFile.Write(_path, new Dictionary<string, TensorData>
        {
            ["a"] = TensorData.Of([2f], 1),
            ["b"] = new(TensorType.Float32, [1], () => throw new IOException("No space left on device")),
        }));

        Assert.Equal(before, File.ReadAllBytes(_path));
        Assert.Equal([_path], Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "'y' begins at byte 4")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "'x' begins at byte 4")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "tensors end at byte 4")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "'x' ends at byte 8")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "'x' has 8 bytes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "'x' has 8 bytes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "'x' has 0 bytes")]
    [InlineData("""{"x":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""", 8, "'F8_E4M3'")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", 8, "no shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "no data_offsets")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2]}}""", 8, "no data_offsets")]
    [InlineData("""{"x":7}""", 0, "no dtype")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "'x' is in the header twice")]
    [InlineData("""{"__metadata__":{"step":3}}""", 0, "'step' is not a string")]
    [InlineData("""{"x":""", 0, "the header is not JSON")]
    public void Open_HeaderAtFault_NamesFileAndKey(string header, int dataBytes, string fault)
    {
        File.WriteAllBytes(_path, [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[dataBytes]]);
        var message = Assert.Throws<CheckpointException>(() => CheckpointFile.Open(_path)).Message;
        Assert.StartsWith(_path, message, StringComparison.Ordinal);
        Assert.Contains(fault, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public void Open_HeaderLongerThanTheFile_IsRefused(long headerLength)
    {
        File.WriteAllBytes(_path, [.. BitConverter.GetBytes(headerLength), .. "{}"u8]);
        Assert.Contains("byte 0", Assert.Throws<CheckpointException>(() => CheckpointFile.Open(_path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToFloats_FileCutAfterOpening_IsAnErrorNotACrash()
    {
        SafetensorsFile.Write(_path, new Dictionary<string, TensorData> { ["x"] = TensorData.Of(new float[10_000], 10_000) });
        using var checkpoint = CheckpointFile.Open(_path);
        // By another program: .NET itself would respect our lock.
        using (var truncate = Process.Start("truncate", ["--size=200", _path]))
            truncate.WaitForExit();
        Assert.Contains("truncated after it was opened", Assert.Throws<CheckpointException>(() => checkpoint["x"].ToFloats()).Message,
            StringComparison.Ordinal);
    }
}
