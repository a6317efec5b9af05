// What a chart draws: each curve with its name, colour and dash.

/** The terms of CLIMS, which have a colour each wherever they are drawn. */
const TERMS = ["OTM", "BTM", "CBS", "REG"];

/** A schedule is no measurement: smoothing would show values that never were. */
const EXACT = /^(epoch\/)?learning ?rate$|^system /i;

/**
 * A colour a metric; of several runs, a colour a run and a dash a metric. A metric's values by epoch have its colour, and are dashed.
 * @param {import("./run-curves.js").RunCurves[]} runs
 * @param {string[]} metrics of the chart
 * @param {string} group the chart's name, which its metrics may begin with
 */
export function curvesOf(runs, metrics, group) {
  const several = runs.length > 1;
  const named = metrics.map(metric => metric.replace(/^epoch\//, ""));
  const place = name => (TERMS.indexOf(name.split("/").at(-1)) + TERMS.length + 1) % (TERMS.length + 1);
  const colours = [...new Set(named)].sort((a, b) => place(a) - place(b));
  const label = i => named[i].replace(`${group}/`, "").replace(/^system /, "") + (named[i] === metrics[i] ? "" : " by epoch");
  return runs.flatMap(run => metrics
    .filter(metric => run.curves.has(metric))
    .map(metric => ({
      key: several ? `${run.id}/${metric}` : metric,
      label: !several ? label(metrics.indexOf(metric)) : metrics.length > 1 ? `${run.name} · ${label(metrics.indexOf(metric))}` : run.name,
      colour: (several ? run.index : colours.indexOf(named[metrics.indexOf(metric)])) % 8,
      dash: (several ? metrics.indexOf(metric) : Number(metric.startsWith("epoch/"))) % 4,
      points: run.curves.get(metric),
      detail: run.details.get(metric) ?? null,
      run: run.id,
      sparse: metric.startsWith("epoch/"),
      exact: EXACT.test(metric),
    })));
}
