namespace Dashboard.Web.Components.Report;

/// <summary>The style of a report, which stands in the report itself.</summary>
internal static class ReportStyle
{
    public const string Sheet = """
        :root { color-scheme: light; }
        body {
            max-width: 960px; margin: 32px auto; padding: 0 24px; color: #1a1e23; background: #fff; font: 13px/20px Roboto, system-ui, sans-serif;
            font-variant-numeric: tabular-nums;
        }
        h1 { margin: 0; font-size: 24px; line-height: 32px; font-weight: 500; }
        h2 { margin: 28px 0 8px; padding-bottom: 4px; border-bottom: 1px solid #dde0e4; font-size: 16px; font-weight: 500; }
        h3 { margin: 16px 0 4px; font-size: 13px; font-weight: 500; }
        p { margin: 4px 0; }
        b { font-weight: 500; }
        .soft { color: #555d67; }
        .tag { margin-left: 6px; padding: 0 7px; border: 1px solid #dde0e4; border-radius: 9px; font-size: 12px; }
        .notes { margin-top: 16px; padding: 8px 16px; border-left: 3px solid #dde0e4; overflow-wrap: anywhere; }
        .miou b { font-size: 36px; line-height: 44px; }
        table { border-collapse: collapse; }
        th, td {
            padding: 3px 16px 3px 0; border-bottom: 1px solid #eff1f3; text-align: left; vertical-align: top; font-weight: 400;
            overflow-wrap: anywhere;
        }
        thead th { color: #555d67; font-size: 12px; }
        .options th { width: 220px; color: #555d67; }
        .number { text-align: right; white-space: nowrap; }
        .bar svg { display: block; margin-top: 5px; }
        .bar rect { fill: #3a424b; }
        .bar .room { fill: #eff1f3; }
        .swatch { display: inline-block; width: 10px; height: 10px; margin-right: 6px; border-radius: 3px; }
        .charts { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; }
        .charts figure { margin: 0; break-inside: avoid; }
        .charts svg { display: block; width: 100%; }
        .charts text { fill: #555d67; font-size: 11px; }
        .legend { display: flex; flex-wrap: wrap; gap: 0 12px; font-size: 12px; }
        .legend i { display: inline-block; width: 14px; margin-right: 5px; border-top: 3px solid; vertical-align: middle; }
        .images { display: flex; flex-wrap: wrap; gap: 8px; margin-bottom: 8px; break-inside: avoid; }
        .images h3 { flex-basis: 100%; }
        .images figure { margin: 0; }
        .images img { display: block; width: 128px; min-height: 60px; border-radius: 4px; background: #e6e8eb; image-rendering: auto; }
        .images figcaption { color: #555d67; font-size: 12px; }
        footer { margin-top: 32px; font-size: 12px; }
        @media (max-width: 700px) {
            .charts { grid-template-columns: 1fr; }
            body { margin: 16px auto; padding: 0 12px; }
            .options th { width: 110px; }
        }
        @media print { body { margin: 0; padding: 0; max-width: none; } section { break-inside: auto; } h2, h3 { break-after: avoid; } }
        """;
}
