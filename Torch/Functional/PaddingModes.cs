namespace TorchSharp;

/// <summary>What stands beyond an image's border.</summary>
public enum PaddingModes
{
    Zeros = 0,
    Reflect = 1,
    Replicate = 2,
    Circular = 3,
    Constant = 4,
}

/// <summary>A convolution's padding by name: none, or what keeps the size.</summary>
public enum Padding
{
    Valid = 0,
    Same = 1,
}
