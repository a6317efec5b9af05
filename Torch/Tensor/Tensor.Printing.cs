using System.Globalization;
using System.Text;

namespace TorchSharp;

/// <summary>How a tensor is written: its type and shape alone, or with its elements.</summary>
public enum TensorStringStyle
{
    Metadata,
    Julia,
    Numpy,
    CSharp,
    Default,
}

public static partial class torch
{
    public partial class Tensor
    {
        private const int EdgeItems = 3;   // of each dimension that is longer than Summarized
        private const int Summarized = 12;

        public override string ToString() => ToString(TensorStringStyle.Metadata);

        public string ToString(TensorStringStyle style, string? fltFormat = "g5", int? width = 100, CultureInfo? cultureInfo = null, string? newLine = "\n")
        {
            if (IsInvalid) return "(disposed)";
            var metadata = $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";
            if (style is TensorStringStyle.Metadata or TensorStringStyle.Default) return metadata;
            using var scope = NewDisposeScope();
            using var off = no_grad();
            var local = cpu();
            var text = new StringBuilder();
            if (style == TensorStringStyle.Julia) text.Append(metadata).Append(newLine);
            local.Append(text, fltFormat ?? "g5", cultureInfo ?? CultureInfo.InvariantCulture, newLine ?? "\n", 1);
            return text.ToString();
        }

        private void Append(StringBuilder text, string format, CultureInfo culture, string newLine, int depth)
        {
            if (dim() == 0)
            {
                text.Append(dtype switch
                {
                    ScalarType.Bool => item<bool>() ? "true" : "false",
                    _ when is_floating_point() => this.ToDouble().ToString(format, culture),
                    _ => this.ToInt64().ToString(culture),
                });
                return;
            }
            var length = size(0);
            var separator = dim() == 1 ? " " : newLine + new string(' ', depth);
            text.Append('[');
            for (long i = 0; i < length; i++)
            {
                if (i > 0) text.Append(separator);
                if (length > Summarized && i == EdgeItems)
                {
                    text.Append("...");
                    i = length - EdgeItems - 1;
                    continue;
                }
                this[i].Append(text, format, culture, newLine, depth + 1);
            }
            text.Append(']');
        }
    }
}
