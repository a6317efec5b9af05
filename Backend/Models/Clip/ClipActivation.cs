namespace Dashboard.Backend.Models.Clip;

/// <summary>What lies between the two layers of a CLIP's perceptrons. Asked with the wrong one a CLIP answers almost, but not quite, as it was
/// trained to.</summary>
public enum ClipActivation
{
    /// <summary>x·sigmoid(1.702 x): OpenAI's models, and those trained after them.</summary>
    QuickGelu,

    /// <summary>The exact GELU: most of the models that open_clip trains.</summary>
    Gelu,
}
