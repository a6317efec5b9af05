using System.Xml;

namespace Dashboard.Backend.Datasets.Voc;

/// <summary>Reads the object names of <c>Annotations/ID.xml</c>, objects flagged difficult included: exactly the content of <c>cls_labels.npy</c>.</summary>
internal static class VocAnnotation
{
    private const long MaxCharacters = 4 << 20;

    // A document type can make a small file expand without bound or read other files: there is none in VOC.
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxCharacters,
        IgnoreComments = true,
        IgnoreWhitespace = true,
    };

    /// <summary>Names of <c>annotation/object/name</c> (not of an object's parts), as they come.</summary>
    /// <exception cref="XmlException">The file is no annotation.</exception>
    public static IReadOnlyList<string> ReadObjects(string path)
    {
        const int NameDepth = 2;
        var names = new List<string>();
        using var stream = File.OpenRead(path);
        using var xml = XmlReader.Create(stream, Settings);
        if (xml.MoveToContent() != XmlNodeType.Element || xml.Name != "annotation")
            throw new XmlException("the root element is not <annotation>");
        var inObject = false;
        while (!xml.EOF)
        {
            if (xml.NodeType == XmlNodeType.Element && xml.Depth == 1)
                inObject = xml.Name == "object";
            if (inObject && xml.NodeType == XmlNodeType.Element && xml.Depth == NameDepth && xml.Name == "name")
                names.Add(xml.ReadElementContentAsString().Trim());
            else
                xml.Read();
        }
        return names;
    }
}
