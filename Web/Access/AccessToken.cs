using System.Security.Cryptography;
using System.Text;

namespace Dashboard.Web.Access;

/// <summary>
/// The secret that opens a dashboard which is reachable from other machines; made once, kept in the data folder for its owner only.
/// </summary>
public sealed class AccessToken
{
    private readonly byte[] _hash;

    private AccessToken(string value)
    {
        Value = value;
        _hash = Hash(value);
    }

    public string Value { get; }

    /// <summary>Takes as long for a wrong token as for the right one.</summary>
    public bool Matches(string? candidate) =>
        candidate is not null && CryptographicOperations.FixedTimeEquals(Hash(candidate), _hash);

    /// <summary>Reads DATA/token, or writes a new one that only its owner can read.</summary>
    /// <exception cref="InvalidDataException">The file is there but holds no token.</exception>
    public static AccessToken LoadOrCreate(string dataFolder)
    {
        var path = Path.Combine(dataFolder, "token");
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(dataFolder);
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using var writer = new StreamWriter(path, options);
            writer.Write(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        }
        var value = File.ReadAllText(path).Trim();
        return value.Length >= 32
            ? new AccessToken(value)
            : throw new InvalidDataException($"{path} holds no access token of at least 32 characters. Delete it: the next start writes a new one.");
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
