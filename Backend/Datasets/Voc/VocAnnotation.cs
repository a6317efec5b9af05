using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using Dashboard.Backend.Files;

namespace Dashboard.Backend.Datasets.Voc;

/// <summary>
/// Reads the object names of <c>Annotations/ID.xml</c>, objects flagged difficult included: exactly the content of <c>cls_labels.npy</c>. In any
/// encoding that the file declares.
/// </summary>
internal static partial class VocAnnotation
{
    private const int MaxBytes = 4 << 20;

    // A document type can make a small file expand without bound or read other files: there is none in VOC.
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxBytes,
        IgnoreComments = true,
        IgnoreWhitespace = true,
    };

    static VocAnnotation() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Names of <c>annotation/object/name</c> (not of an object's parts), as they come.</summary>
    /// <exception cref="XmlException">The file is not an annotation.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static IReadOnlyList<string> ReadObjects(string path)
    {
        const int NameDepth = 2;
        var names = new List<string>();
        using var xml = Open(path);
        var inObject = false;
        while (!xml.EOF)
        {
            if (xml.NodeType == XmlNodeType.Element && xml.Depth == 1)
                inObject = xml.Name == "object";
            if (inObject && xml.NodeType == XmlNodeType.Element && xml.Depth == NameDepth && xml.Name == "name")
                names.Add(ClassNames.Tidy(xml.ReadElementContentAsString()));
            else
                xml.Read();
        }
        return names;
    }

    /// <summary>The content of <c>annotation/folder</c>: "VOC2012". Null where there is none, or the file is not an annotation.</summary>
    public static string? ReadFolder(string path)
    {
        try
        {
            using var xml = Open(path);
            return xml.ReadToDescendant("folder") ? xml.ReadElementContentAsString().Trim() : null;
        }
        catch (Exception error) when (error is XmlException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>At the root element.</summary>
    private static XmlReader Open(string path)
    {
        var bytes = RegularFile.ReadAllBytes(path, MaxBytes, "an annotation");
        var xml = IsMisdeclared(
            bytes) ? XmlReader.Create(new StreamReader(new MemoryStream(bytes), new UTF8Encoding(false, throwOnInvalidBytes: true)), Settings)
            : XmlReader.Create(new MemoryStream(bytes), Settings);
        try
        {
            return xml.MoveToContent() == XmlNodeType.Element && xml.Name == "annotation"
                ? xml
                : throw new XmlException("the root element is not <annotation>");
        }
        catch (Exception error)
        {
            xml.Dispose();
            // An unknown encoding, or bytes that are not in it.
            throw error is ArgumentException or NotSupportedException or DecoderFallbackException ? new XmlException(error.Message, error) : error;
        }
    }

    /// <summary>
    /// Programs that write XML by way of a string declare utf-16, whatever they store it in: where the declaration itself can be read, it is not.
    /// </summary>
    private static bool IsMisdeclared(byte[] file) => Utf16().IsMatch(Encoding.Latin1.GetString(file, 0, Math.Min(file.Length, 100)));

    [GeneratedRegex("""^(ï»¿)?<\?xml[^>]*encoding=["']utf-16""", RegexOptions.IgnoreCase)]
    private static partial Regex Utf16();
}
