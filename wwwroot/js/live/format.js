// Numbers as the charts write them.

export function formatValue(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "NaN";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2).replace(/\.?0+e/, "e");
  return String(Number(value.toPrecision(4)));
}

/** A place on the x axis: a step, an epoch, or seconds since the run's start. */
export function formatX(value, unit) {
  if (unit === "time") return formatDuration(value);
  return unit === "epoch" ? String(Number(value.toFixed(2))) : Math.round(value).toLocaleString("en");
}

function formatDuration(seconds) {
  const whole = Math.max(0, Math.round(seconds)), pad = number => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600), minutes = Math.floor((whole % 3600) / 60);
  return hours ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}
