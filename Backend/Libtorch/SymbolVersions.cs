using System.Buffers.Binary;
using System.Text;

namespace Dashboard.Backend.Libtorch;

/// <summary>
/// What a 64-bit ELF library says of the versions of the symbols it takes from other libraries: .dynsym and its names, .gnu.version (a version's
/// number for every symbol) and .gnu.version_r (what these numbers mean). See elf(5) and the Linux Standard Base, "Symbol Versioning". Offsets are
/// into the file.
/// </summary>
/// <remarks>A file that is something else ends in one of the exceptions of reading out of bounds, or in <see cref="InvalidDataException"/>.</remarks>
internal sealed class SymbolVersions
{
    private const int DynamicSymbols = 11;
    private const int VersionOfSymbols = 0x6fffffff;
    private const int NeededVersions = 0x6ffffffe;
    private readonly byte[] _file;
    private readonly (int Offset, int Size, int Link) _symbols;
    private readonly (int Offset, int Size, int Link) _versions;
    private readonly (int Offset, int Size, int Link) _needed;
    private readonly int _names;

    public SymbolVersions(byte[] file)
    {
        _file = file;
        if (!file.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8))
            throw new InvalidDataException("it is not a 64-bit ELF file");
        (_symbols, _versions, _needed) = (Section(DynamicSymbols), Section(VersionOfSymbols), Section(NeededVersions));
        _names = SectionAt(_symbols.Link).Offset;
    }

    /// <summary>Where the entry of a needed version stands; its flags are two bytes at 4, its number two bytes at 6.</summary>
    public int Need(string version)
    {
        for (var library = _needed.Offset; ; library += Int32(library + 12))
        {
            var entry = library + Int32(library + 8);
            for (var left = UInt16(library + 2); left > 0; left--, entry += Int32(entry + 12))
            {
                if (Text(_names + Int32(entry + 8)) == version)
                    return entry;
            }
            if (Int32(library + 12) == 0)
                throw new InvalidDataException($"it needs no {version}");
        }
    }

    /// <summary>The symbols of a needed version: where their two bytes in .gnu.version stand, and where their name does.</summary>
    public List<(int Version, int Name)> SymbolsOf(int need)
    {
        var number = UInt16(need + 6);
        return
        [
            .. Enumerable.Range(0, _versions.Size / 2)
                .Where(symbol => (UInt16(_versions.Offset + 2 * symbol) & 0x7fff) == number)
                .Select(symbol => (_versions.Offset + 2 * symbol, _names + Int32(_symbols.Offset + 24 * symbol))),
        ];
    }

    public string Text(int offset) => Encoding.ASCII.GetString(_file, offset, Array.IndexOf(_file, (byte)0, offset) - offset);

    public ushort UInt16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(offset));

    private int Int32(int offset) => BinaryPrimitives.ReadInt32LittleEndian(_file.AsSpan(offset));

    private int Int64(int offset) => checked((int)BinaryPrimitives.ReadInt64LittleEndian(_file.AsSpan(offset)));

    private (int Offset, int Size, int Link) Section(int type)
    {
        for (var index = 0; index < UInt16(60); index++)
        {
            if (Int32(Header(index) + 4) == type)
                return SectionAt(index);
        }
        throw new InvalidDataException("it has no versions of symbols");
    }

    private (int Offset, int Size, int Link) SectionAt(int index) =>
        (Int64(Header(index) + 24), Int64(Header(index) + 32), Int32(Header(index) + 40));

    private int Header(int index) => Int64(40) + 64 * index;
}
