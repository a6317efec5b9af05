// Lets Node find the pages' scripts where the browser does: "/js/..." lies in wwwroot.
import { register } from "node:module";

register(`data:text/javascript,${encodeURIComponent(`
  const root = new URL("../../wwwroot", ${JSON.stringify(import.meta.url)}).href;
  export const resolve = (name, context, next) => next(name.startsWith("/js/") ? root + name : name, context);
  export const load = (url, context, next) => next(url, url.startsWith(root) ? { ...context, format: "module" } : context);
`)}`);
