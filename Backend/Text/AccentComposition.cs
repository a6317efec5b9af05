using System.Text;

namespace Dashboard.Backend.Text;

/// <summary>
/// A letter and the accent after it as one character, and back, for Latin, Greek and Cyrillic: what Unicode's NFC and NFD do to ordinary text.
/// (.NET's own Normalize does nothing while InvariantGlobalization is on.)
/// </summary>
internal static class AccentComposition
{
    private static readonly (char Accent, string Letters, string Accented)[] Compositions =
    [
        ('\u0300', "AEINOUWYaeinouwyÂÊÔÜâêôüĂăĒēŌōƠơƯưΑΕΗΙΟΥΩαεηιουωϊϋЕИеи", "ÀÈÌǸÒÙẀỲàèìǹòùẁỳẦỀỒǛầềồǜẰằḔḕṐṑỜờỪừᾺῈῊῚῸῪῺὰὲὴὶὸὺὼῒῢЀЍѐѝ"),
        ('\u0301', "ACEGIKLMNOPRSUWYZacegiklmnoprsuwyzÂÅÆÇÊÏÔÕØÜâåæçêïôõøüĂăĒēŌōŨũƠơƯưΑΕΗΙΟΥΩαεηιουωϊϋϒГКгк",
            "ÁĆÉǴÍḰĹḾŃÓṔŔŚÚẂÝŹáćéǵíḱĺḿńóṕŕśúẃýźẤǺǼḈẾḮỐṌǾǗấǻǽḉếḯốṍǿǘẮắḖḗṒṓṸṹỚớỨứΆΈΉΊΌΎΏάέήίόύώΐΰϓЃЌѓќ"),
        ('\u0302', "ACEGHIJOSUWYZaceghijosuwyz", "ÂĈÊĜĤÎĴÔŜÛŴŶẐâĉêĝĥîĵôŝûŵŷẑ"),
        ('\u0303', "AEINOUVYaeinouvyÂÊÔâêôĂăƠơƯư", "ÃẼĨÑÕŨṼỸãẽĩñõũṽỹẪỄỖẫễỗẴẵỠỡỮữ"),
        ('\u0304', "AEGIOUYaegiouyÄÆÕÖÜäæõöüǪǫȦȧȮȯΑΙΥαιυИУиу", "ĀĒḠĪŌŪȲāēḡīōūȳǞǢȬȪǕǟǣȭȫǖǬǭǠǡȰȱᾹῙῩᾱῑῡӢӮӣӯ"),
        ('\u0306', "AEGIOUaegiouȨȩΑΙΥαιυАЕЖИУаежиу", "ĂĔĞĬŎŬăĕğĭŏŭḜḝᾸῘῨᾰῐῠӐӖӁЙЎӑӗӂйў"),
        ('\u0307', "ABCDEFGHIMNOPRSTWXYZabcdefghmnoprstwxyzŚśŠšſ", "ȦḂĊḊĖḞĠḢİṀṄȮṖṘṠṪẆẊẎŻȧḃċḋėḟġḣṁṅȯṗṙṡṫẇẋẏżṤṥṦṧẛ"),
        ('\u0308', "AEHIOUWXYaehiotuwxyÕõŪūΙΥιυϒІАЕЖЗИОУЧЫЭаежзиоучыэіӘәӨө", "ÄËḦÏÖÜẄẌŸäëḧïöẗüẅẍÿṎṏṺṻΪΫϊϋϔЇӒЁӜӞӤӦӰӴӸӬӓёӝӟӥӧӱӵӹӭїӚӛӪӫ"),
        ('\u030A', "AUauwy", "ÅŮåůẘẙ"),
        ('\u030B', "OUouУу", "ŐŰőűӲӳ"),
        ('\u030C', "ACDEGHIKLNORSTUZacdeghijklnorstuzÜüƷʒ", "ǍČĎĚǦȞǏǨĽŇǑŘŠŤǓŽǎčďěǧȟǐǰǩľňǒřšťǔžǙǚǮǯ"),
        ('\u0323', "ABDEHIKLMNORSTUVWYZabdehiklmnorstuvwyzÂÊÔâêôĂăƠơƯư", "ẠḄḌẸḤỊḲḶṂṆỌṚṢṬỤṾẈỴẒạḅḍẹḥịḳḷṃṇọṛṣṭụṿẉỵẓẬỆỘậệộẶặỢợỰự"),
        ('\u0327', "CDEGHKLNRSTcdeghklnrstĆćĔĕ", "ÇḐȨĢḨĶĻŅŖŞŢçḑȩģḩķļņŗşţḈḉḜḝ"),
        ('\u0328', "AEIOUaeiouŌō", "ĄĘĮǪŲąęįǫųǬǭ"),
    ];

    private static readonly Dictionary<(char Letter, char Accent), char> Composed = Compositions
        .SelectMany(row => row.Letters.Zip(row.Accented, (letter, accented) => ((letter, row.Accent), accented)))
        .ToDictionary(pair => pair.Item1, pair => pair.accented);

    /// <summary>A letter with two accents can be made in two orders, of which one will do.</summary>
    private static readonly Dictionary<char, (char Letter, char Accent)> Decomposed = Composed
        .GroupBy(pair => pair.Value, pair => pair.Key)
        .ToDictionary(ways => ways.Key, ways => ways.First());

    public static string Compose(string text)
    {
        var composed = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (composed.Length > 0 && Composed.TryGetValue((composed[^1], character), out var accented))
                composed[^1] = accented;
            else
                composed.Append(character);
        }

        return composed.ToString();
    }

    /// <summary>The other way: a letter, then its accents, in no certain order.</summary>
    public static string Decompose(string text)
    {
        var decomposed = new StringBuilder(text.Length);
        foreach (var character in text)
            Append(character);
        return decomposed.ToString();

        void Append(char character)
        {
            if (!Decomposed.TryGetValue(character, out var parts))
            {
                decomposed.Append(character);
                return;
            }

            // The letter may have another accent of its own, as that of 'ấ'.
            Append(parts.Letter);
            decomposed.Append(parts.Accent);
        }
    }
}
