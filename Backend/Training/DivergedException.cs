namespace Dashboard.Backend.Training;

/// <summary>A loss has become infinite or NaN: all that follows would be in vain.</summary>
public sealed class DivergedException(long step, int epoch, IEnumerable<string> losses)
    : Exception($"Training diverged at step {step}, in epoch {epoch}: {string.Join(", ", losses)} is not finite. Lower learningRate; the "
        + "checkpoints of earlier epochs are kept.");
