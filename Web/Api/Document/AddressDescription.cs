namespace Dashboard.Web.Api.Document;

/// <summary>What a parameter of an address, or a field of a form, means.</summary>
/// <param name="Name">As it stands in the address.</param>
internal sealed record Meaning(string Name, string Text);

/// <summary>The body of an address that takes a multipart form, which its handler reads by itself.</summary>
internal sealed record FormFields(Meaning File, IReadOnlyList<Meaning> Texts);

/// <summary>Adds to an address what the API's document says about it.</summary>
internal static class AddressDescription
{
    /// <param name="parameters">All of them, whether in the path or after the question mark.</param>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder address, string summary, params Meaning[] parameters) =>
        address.WithSummary(summary).WithMetadata([.. parameters]);

    /// <param name="file">The field that holds a file.</param>
    /// <param name="texts">The other fields. None is required by itself: the handler says what is missing.</param>
    public static RouteHandlerBuilder TakesForm(this RouteHandlerBuilder address, Meaning file, params Meaning[] texts) =>
        address.WithMetadata(new FormFields(file, texts));

    /// <param name="types">Media types, of which the answer has one.</param>
    public static RouteHandlerBuilder ProducesFile(this RouteHandlerBuilder address, params string[] types) =>
        address.Produces<Stream>(StatusCodes.Status200OK, types[0], types[1..]);
}
