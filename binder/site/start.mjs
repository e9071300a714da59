// The Python of this site, in place of Pyodide's own start: everything comes in one file, compiled, and is imported
// before the first cell asks for it. What it does meanwhile goes to the page, where progress.js shows it.
import { loadPyodide as load } from "./pyodide.mjs";

const say = (what, share) => self.postMessage({ pythonStarts: { what, share } });

// The files of the bundle: a line of JSON with paths and sizes, then their bytes; all of it compressed.
async function fetched(url) {
  const response = await fetch(url);
  const total = Number(response.headers.get("content-length"));
  let arrived = 0;
  const counted = new TransformStream({
    transform(chunk, controller) {
      arrived += chunk.length;
      say("Fetching Python and its packages", 0.5 * Math.min(1, arrived / total));
      controller.enqueue(chunk);
    },
  });
  const stream = response.body.pipeThrough(counted).pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const end = bytes.indexOf(10);
  return { names: JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))), bytes: bytes.subarray(end + 1) };
}

function unpacked({ names, bytes }, FS, folder) {
  let start = 0;
  for (const [name, size] of names) {
    FS.mkdirTree(`${folder}/${name}`.replace(/\/[^/]*$/, ""));
    FS.writeFile(`${folder}/${name}`, bytes.subarray(start, (start += size)), { canOwn: true });
  }
}

async function started(options) {
  say("Fetching Python and its packages", 0);
  const bundle = fetched(new URL("bundle.bin", import.meta.url));
  const indexURL = new URL(".", import.meta.url).href;
  const python = await load({ indexURL, ...options, packages: [] }); // the kernel lists some; they are in the bundle
  unpacked(await bundle, python.FS, "/lib/python3.14/site-packages");
  const start = python.pyimport("start");
  const steps = JSON.parse(start.steps());
  steps.forEach(([module, what], index) => {
    say(`Opening ${what}`, 0.5 + (0.5 * index) / steps.length);
    start.step(module);
  });
  start.keep_print_settings();
  say("Python is ready", 1);
  return python;
}

let starting; // worker.mjs asks first, then the kernel
export function loadPyodide(options) {
  starting ??= started(options).catch((error) => {
    say(`Python could not start: ${error.message}`, 0);
    throw error;
  });
  return starting;
}
