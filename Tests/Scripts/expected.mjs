// What the dashboard's own code makes of the same numbers: written by ScriptTests.cs before it starts Node.
import { readFileSync } from "node:fs";

export const expected = name => JSON.parse(readFileSync(`${process.env.DASHBOARD_EXPECTED}/${name}.json`, "utf8"));

export const bytes = base64 => Uint8Array.from(Buffer.from(base64, "base64"));
