// Judges custom resources by the models that npm has of their operators' schemas.
//
//     node validate.mjs FOLDER-WITH-NODE_MODULES objects.json
//
// Answers with JSON: {"validated": [names], "without_schema": [names], "errors": [texts]}. A schema lets pass what it
// does not know, so TypeScript looks for misspelt fields: each object must fit the model's type, and no more than that.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const MODELS = {
  "cert-manager.io": "cert-manager",
  "external-secrets.io": "external-secrets",
  "gateway.networking.k8s.io": "gateway-api",
  "keda.sh": "keda",
  "monitoring.coreos.com": "prometheus-operator",
  "networking.istio.io": "istio",
  "postgresql.cnpg.io": "cloudnative-pg",
  "security.istio.io": "istio",
};

const [packages, path] = process.argv.slice(2);
const answer = { validated: [], without_schema: [], errors: [] };
const known = [];

for (const object of JSON.parse(readFileSync(path, "utf8"))) {
  const name = `${object.apiVersion} ${object.kind} ${object.metadata.name}`;
  const model = MODELS[object.apiVersion.split("/")[0]];
  const within = `@kubernetes-models/${model}/${object.apiVersion}/${object.kind}`;
  const file = join(packages, "node_modules", `${within}.js`);
  if (!model) {
    answer.without_schema.push(name);
    continue;
  }
  if (!existsSync(file)) {
    answer.errors.push(`${name}: there is no such kind`);
    continue;
  }
  const Model = (await import(pathToFileURL(file)))[object.kind];
  try {
    new Model(object).validate();
  } catch (error) {
    answer.errors.push(`${name}: ${error.message}`);
  }
  known.push({ name, within, object });
  answer.validated.push(name);
}

answer.errors.push(...(await misspelt(known)));
process.stdout.write(JSON.stringify(answer));

/** What TypeScript has against objects written as literals of their model's type. */
async function misspelt(objects) {
  const library = join(packages, "node_modules/typescript/lib/typescript.js");
  const { default: ts } = await import(pathToFileURL(library));
  const lines = objects.flatMap(({ within, object }, at) => [
    `import type { I${object.kind} as T${at} } from "${within}";`,
    `export const o${at}: T${at} = ${JSON.stringify(object)};`,
  ]);
  const path = join(packages, "objects.ts");
  const options = {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    noEmit: true,
    skipLibCheck: true,
    strict: true,
    target: ts.ScriptTarget.ES2022,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => name === path || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === path ? ts.createSourceFile(name, lines.join("\n"), rest[0]) : getSourceFile(name, ...rest);
  const program = ts.createProgram([path], options, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, " ");
    const line = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start).line ?? 0;
    return `${objects[Math.floor(line / 2)]?.name}: ${text}`;
  });
}
