using System.IO.Compression;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Voc;

namespace Dashboard.Tests.Datasets.Voc;

/// <summary>Label files as NumPy 1.24 writes what people put together: images a (classes 0 and 2) and b (class 1) of three classes.</summary>
public sealed class ClassLabelsTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public ClassLabelsTests()
    {
        SmallVoc.Add(_temp, "a", []);
        SmallVoc.Add(_temp, "b", []);
        SmallVoc.List(_temp, "train", "a", "b");
        Directory.Delete(_temp.File("Annotations"), recursive: true);
        _temp.Write("dataset.json", """{ "name": "pets", "classes": ["cat", "dog", "bird"] }""");
    }

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("float64", "H4sIAAAAAAACA6WNS2vCQBSFJ6bP9P2wte90lQiStZSCC6GLhsYSKNhFkZlkJAVNPJNJQarQjVjX/aP+gzZGbXHdsxjunHvu+b6cp4fHZ4W8kXfD57EnjBvd6NWMkm40IyEFDRuR8PnEvqOtmKd+HNAOT/9msaT39f9J+1C9MGl3upYXCW61k5Z8pULQrtYQ3IvCWIrEkxrINKWF/nQLxSYD5KoKgzrEkotl01aKs5Avux2uYaWeI4TUylgdfQ6x5mLdtNW6kno9aI7j3H+nyh67IrHBRi/Y7GPLzCIU2wEJMspOkCJ2XeylCFsdYD+YNjfLOJg0H7rIz5tvcbTYTCSO2ahaIJnGFbKgcQUFiROW3TKczpFnE+S5i4sZ8jLI/3b83c4nXEnoLKES18z6AWNBEUDRAQAA")]
    [InlineData("int64", "H4sIAAAAAAACA6WNS0vDQBSFJ43P+H5U6zuukkLpuojgouDCYCoBoS6kzCQjKbRJz2QiBFtwU2rX/mBN0gbUrWdx4Z577vk+7cf7hyeFvJI3w+ORK4wr3Ri2jJpuvIRCChp0QuHxzL6lvYinfuTTAU93s1rTR/r/pL2rbhD3B0ndDQWv9+Oe7FIhaKJ1BHfDIJIidqUGMktpgTe7QrHIGKWmwqBOsOBg0bSU6jzkyWTANSy1S4SQVgPL048JVhysmpbaVlJvCM227buvVPmwbiTW2PQZ6yNsmHmEYtMnfk7Z8lPEtoOdFGGpY+z6s+ZuA3tZ876DctF8jYPfzUTikE2blez4U8WOisQRy38ZjgvkSYY8dXA2R5775bTj728hXEjoLKYSl6z+DfRW9rbRAQAA")]
    [InlineData("uint8", "H4sIAAAAAAACA6WNS0vDQBSFZxqf8f2o70d2SaEU3IkbFwUXBlMJCHUhZSYZmUKb9EwmQrEFN6V27Q/WaVo3br2LC/fcj+98BU8Pj8+UvJF3NxZZpNwbxx003KrjvqZKK5a0UhWLaXzHOpkweSZZT5jbq1SdofO/sT+sKMm7vX4tSpWodfOObjOlWN9uKRGlSaZVHmkbZEbZSTz7gvpkhFKdclhjLIRY9HxamUOx7veEjaVmiRDSuMby5HOMlRCrnm81qckGsIMguP82Uyz/VmONT16wPsSGVyAMm5LIomVLmortEDumwrdG2JUzc36Fval5P0TZmOUfJ9E44JO6RQnFocYRL7wcx7/ek6n3NMTZ3HsuywYnlOBC45LnTMPhtR8gIM7koQEAAA==")]
    [InlineData("bool", "H4sIAAAAAAACA6WNS0vDQBSFZxqf8f2o70d2SaEU3IkbFwUXBlMJCHUhZSYZmUKb9EwmQrEFN6V27Q/WaVo3br2LC/fcj+98BU8Pj8+UvJF3NxZZpNwbxx003KrjvqZKK5a0UhWLaXzHOpkweSZZT5jbq1SdofO/sT+sKMm7vX4tSpWodfOObjOlWN9uKRGlSaZVHmkbZEbZSTz7gvpkhFKdclhjLIRY9HxamUOx7veEjaVmiRDSuMby5HOMlRCrnm81qckGsIMguP82Uyz/VmONT16wPsSGVyAMm5LIomVLmortEDumwrdG2JUzM7/C3tS8H6JszPKPk2gc8EndooTiUOOIF16O41/vydR7GuJs7j2XZYMTSnChcclzpuHw2g9e2ufnoQEAAA==")]
    [InlineData("float16", "H4sIAAAAAAACA6WNS0vDQBSFJ41Wje9HfWvjKimULFyJFFwUXBhMJSDUhZSZZEqENumZTIRiC25KzdofrEnaLlx7FxfuOeee79t5fnx6Ucg7+TB8HnvCuNWNUcuo60Y3ElLQsBMJn+fyPe3FPNPjgA54dpu1uj7W/zfap+qFSX8wtLxIcKuf9OQbFYIOtY7gXhTGUiSe1EBmKS30Zy4Um0xQaioM6hRLLpZNW6nNQ74cDriGcrtECGndYCX9mmLVxZppq20l00bQHMd5+MmmWPadxDpLX7ExxqZZRCi2AhIUlO0gQ+y42M0QtjrBXjBr7l5jP28+cFFZNDdw+LeZSByxtFkmjcI9ljhhRZLhdAE4ywHnLi7mgMugkn+Q/AdVCZ0lVOKKWb/KJlCPrQEAAA==")]
    [InlineData("int32", "H4sIAAAAAAACA6WNS0vDQBSFJ43PWN/W9yOukkLpyoWI4KLgwmAqAaEupEySkRTaJGcyEYotuCm1a3+wzqTtwrVnMcM999zzfbvPj08vGnknH1bIsoBbN6Y1aFo103pLuOA0bic8ZMq+p92MST+LaMrkbFdr5tD8n4xPPYjzXtqvBwln9V7eFR3KOe0bbc6CJM4EzwNhgExTRhxOt9AcMkKpofnQx1jwsGg7WnUWCkU/ZQaWWiVCSPMay5OvMVY8rNqO3tKkN4Dhuu7Dj1TxOHcCa/7kFeUh1u0iQrERkaigbEYSseVhWyIcfYSdaNrcucKuat7zUJk332L/bzMROPAnjbJaKqkfhwJHfpH3cTzHnCjMqYezGeY8qsi7+Y0SLgRMP6cCl379F3+8Oe65AQAA")]
    [InlineData("lists", "H4sIAAAAAAACA6WMy0rDQBiFZxpvHe8+QXYzhZK1uHEhuHBoKgWhXYQymYwotEnOZCIEW3BTatc+sE5T36Bn8cP5/o/zE78MnieUfJBPnplKW34X8sWQ90P+WlhnVT4tbGa2+FHNKuN59aZK47vo9cNluF/YV6Dzel42kS6sieb1zL0ra1XDptboIq+crbVjIDuL5dnuCyrJCp0HmiJY42CEQyFp71/KXFMahqNxhxAyvMXx5nuNkxG6QgZj6tkCLI7jp1+f9sh7h9N0k+BsiXPRKgoXCS79qCSSmhaluEpwLbZAElMrh5s0+gOT5JPMQAEAAA==")]
    [InlineData("tuples of numpy scalars", "H4sIAAAAAAACA6WOSUvDQBiGJ61LjUu17ntck0rpuYjQQ8GDxVQGhHoQmSwlQpv0nUyEYgteTOzZP+o/0DS1oAVPvoeBeeb5vnfe9dvrmzuJPJFn1bJ9k6vnitqtqQVFbXhccOY+eNyyB/iSNX075r7D2nZ81/IFpaf8L/JL2nSDVrtTND1uF1tBUzwyzllHfuC26bm+4IEpZJChJbvW8BVSlbwiVZEMpCNMUExqVSn/LVmi07ZlTNVThJBaCdP9twgZihmtmq5LMetC1nX96jNOclTLArNG/x5zPcxricKw8MfHfJM1GZeRdYYFjRIWBwVLFLlRwQWWfxcQgRWjkiFJPspYDbFGse5kndyIEoKNEJsUWz9p7G6H2KHYjbCX7DawPzamhDigOBwbOwpxTHEy5p6GUCm0CPmACZwZxS9oRVu3AQIAAA==")]
    [InlineData("numpy string keys, file names", "H4sIAAAAAAACA6WP3UsbQRTFZ11bdWv9aqy1rXb93I3GFcGWUgoRQlvq0CgDgj6IzGxW15KvMzsRQhXyojbP/YPr3WzyUGifeuF3Ye5czj3nV/no2+GJxa7YD68SJaH2Prje9YFXcL3zhjZa1s8auhKl48+ymkQ0T2LZjOjt5wvujft/5XTssN6qNdtB2NBRUGtVzaXUWradMx2FjXpidCs0Dli25dQr2S8szm4xVLIU7HsMCzzyuZXvL1VMuxk5eHw8xBg7eI+R7s97jAqM+dw+tmh2DadcLu//puo1XjR4orqnGL/BU/8fhpJQVqV2MBFnwkdvMZkKTwlMD4Q/YoaEeY4P81GDZ6qUkzQNiO9Ek7ggkLvDrMDzmMW9GHMxZXghME8ZuH2Ll/0L57t4lV54LbBAF+KZP00zg0XVLY0z1imyXnWKeGPgqjj1aKced95hKZVYFlgZSPC9zN6qKu3t09Ih8Yn4QnwlaoTsW42IhNgm1N+irN1hXcAbRPHTKHmBjX6UzXih5zBzl3YUDLZUSxoEKngAwZj9vH4CAAA=")]
    [InlineData("2d", "H4sIAAAAAAACA6WNS0vDQBSFJ43P+H5U6zuukkLpuojgouDCYCoBoS6kZJKRFNqkZzIRgi240dq1P1gnqRF16xkYuOeee753+/b65k4hj+TJ8FnsceNMN4Yto6YbDxEX3A07EfdZZl+6vZhJPw7cAZOzWa3pI/1/0p5VL0z6g7TuRZzV+0lPdF3O3VTrcOZFYSx44gkNZJrSQn+6hWKRF5SaCoU6xoyDWdNSql8hX6QDpmGuXSKEtBqYn7yNseBg0bTUtiK9ITTbtq8+pPLPuhBYopN7LI+wYuYRF6sBCXLKWiAR6w42JEI+9RWbwbS728BW1r3toFx0n2PndzcR2KWTZiVb/lQxoyKwR/Nbiv0CepBBDx0cfUOPg7Js+XtdCCcCOk1cgVNa/wRe2CXx1QEAAA==")]
    public void Samples_OfVectorsOfAnyType_HaveTheirTags(string kind, string file)
    {
        Assert.NotEmpty(kind);
        foreach (var name in (string[])["cls_labels.npy", "cls_labels_onehot.npy"])
        {
            File.WriteAllBytes(_temp.File(name), Unzip(file));
            Assert.Equal([[0, 2], [1]], VocFolder.Open(_temp.Path).Samples("train").Select(sample => sample.Tags));
            File.Delete(_temp.File(name));
        }
    }

    [Theory]
    [InlineData("0.5", "H4sIAAAAAAACA6XNy2rCQBgF4InpNb3f7T29kQjiWkrBhdBFQ2MJFOyiyEwSiaCJZzIpSBW6Eeu6L9hH6Bu0SVSKdNmzGJh//jnfh/l4//AkkRfyqjluaHPtWtW6FS2vavWAC079WsAdNxnf0mboxvPQo203vuu5vNpT/xflTbb9qNXuFOyAu4VW1BQNyjntKDXu2oEfCh7ZQgEZbSm+M3qFZJA+MmWJQR5gxsKsbki58ZIjOm1XwVw1QwipFDE/fB9gwcKibshVKZ51oZimefcdJz2MksASGz5juYcVPV2hWPWIlyprXkysW9iICUPuY9MbNdeL2Eqaty3sTJpvsDvdTAT22LCcJWm+SmQqnyVkBfZZ+pfhYEIeJuSRheMxeTImG0WcJqRq4Swmvb/Y+S9GiDStEVwIXLKIClyxwg/Mf8Vz+gEAAA==")]
    [InlineData("2", "H4sIAAAAAAACA6WNS0vDQBSFJ43P+H5U6zuukkLpuojgouDCYCoBoS6kzCQjKbRJz2QiFFtwU2rX/mCdpC2oW89ihnvuud/5dB/vH5408krerIAnvrCuTGvQsCqm9RILKWjUikXAM/uWdhKu/CSkPa5mu1wxh+b/ZLzrfpR2e/2qHwte7aYd2aZC0L7REtyPo0SK1JcGyDRlRMF0C80hIxTqGoM+xoKHRdvRyrNQIPs9bmCpWSCENGpYnnyMseJh1Xb0pqa8AQzXde++lPLHuZFYY5NnrA+xYecRis2QhHnLVqgqtj3sqApHH2E3nJLbNexl5H0PxTn5Gge/yUTikE3qpWz5U4XZj5LEEctvGY7nlSdZ5amHs1nleVhUjPntXxYuJEyWUolLVv0GbOCyGtEBAAA=")]
    [InlineData("neither an array nor a list", "H4sIAAAAAAACA6WNS0vDQBSFJ43P+Khv62ORXVIoWRcRXBRcGEwlIMSFlEkykkKb5EwmQrAFN6Vm7Q/WaVIXXfst7uWee+D7dp4fn14U8k4+jJBlATdudGPSNzq68ZZwwWk8SHjIFvE9HWVM5llEUyZvs93Rp/r/0D7VIM7HaWEFCWfWOB+JIeWcFtqAsyCJM8HzQGggdUuLw/oLxSYzNHqKD3WONRfrpq20l6VQFCnTsOE1CCH9LjbLrzm2XGybtuopMptAcxzn4UdSDftOYMcvX7E7xZ5ZVSj2PVXugAo0q8THQUSiynsYSemRi2MptdUZTqLaNezidOE6c3H+57pFa9VFBC78stciSxSyCi4Frvxceq996xcfDntgnwEAAA==")]
    [InlineData("4 classes", "H4sIAAAAAAACA6WNy2uDQBjEd2P62r7fj5M3DQTPoRR6CPRQqSlCIT2UsOoWA4k661qQJtBLSD33D26NJoec+zt8MPMNMz/Oy9PzKyUf5NMIROpL41Y3Jj2jrRvvsVSSR4NYBmJhP/BRKko/DXkiSm222vpU/x/sS/OjbJzklh9LYY2zkRpyKXnOBlL4cZQqmfmKgdQpFgX1F9QmMzS61IM2R9PFhmnT1jIUqDwRDJv9BiGk18FW8T3Htosd09b6tPQmYI7jPP6WVMe+V9j1ijfsTbFfJTgOQhJWI4dhuXDk4rhcsJsznIR18bCD00XxmYvzVfEdLtaLicKlV3R1soSSdVYaVwrXXsoVbjzrD4bWDLeUAQAA")]
    public void Samples_OfOtherVectors_SayWhatTheyHold(string expected, string file)
    {
        File.WriteAllBytes(_temp.File("cls_labels.npy"), Unzip(file));
        var error = Assert.Throws<DatasetException>(() => VocFolder.Open(_temp.Path).Samples("train"));
        Assert.StartsWith(_temp.File("cls_labels.npy"), error.Message);
        Assert.Contains(expected, error.Message);
    }

    private static byte[] Unzip(string base64)
    {
        using var unzip = new GZipStream(new MemoryStream(Convert.FromBase64String(base64)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        unzip.CopyTo(bytes);
        return bytes.ToArray();
    }
}
