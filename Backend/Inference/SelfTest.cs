namespace Dashboard.Backend.Inference;

/// <summary>Loads a model again and checks that it computes what a CLIP or a SimSeg should.</summary>
/// <param name="Model">A name, or a path.</param>
public sealed record SelfTestRequest(string Model) : InferenceRequest<SelfTestReport>;

/// <param name="LoadSeconds">From the file to a model that can be asked.</param>
/// <param name="EncodeSeconds">For all pictures and texts of the test.</param>
public sealed record SelfTestReport(string Model, bool Passed, IReadOnlyList<SelfTestCheck> Checks, double LoadSeconds, double EncodeSeconds);

/// <param name="Name">"Texts differ".</param>
/// <param name="Found">What was measured, in a few words and numbers.</param>
public sealed record SelfTestCheck(string Name, bool Passed, string Found);
