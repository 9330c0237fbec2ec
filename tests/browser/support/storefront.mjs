// The folder of built bundles that the shop under test serves: a copy, so that a journey may change it.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { setting } from './packages.mjs';

const folder = setting('SHOP_UI');

/** What the manifest lists. */
export async function builds() {
  return JSON.parse(await readFile(`${folder}/manifest.json`, 'utf8'));
}

/**
 * Puts another build of a fragment in place of the one that is served: the same, with one text of it changed.
 * That is what a team that releases its fragment alone does: new files, and a new entry in the manifest.
 */
export async function anotherBuild(tag, text, instead) {
  assert.equal(text.length, instead.length, 'the texts lie packed in the module');
  const manifest = await builds();
  const { wasm } = manifest.fragments[tag];
  const module = await readFile(folder + wasm.url, 'latin1');
  assert.ok(module.includes(text), `no "${text}" in ${wasm.url}`);
  const changed = Buffer.from(module.replace(text, instead), 'latin1');

  const url = wasm.url.replace(/-\w+\.wasm$/, `-${createHash('sha256').update(changed).digest('hex').slice(0, 12)}.wasm`);
  await writeFile(folder + url, changed);
  const integrity = `sha384-${createHash('sha384').update(changed).digest('base64')}`;
  manifest.fragments[tag].wasm = { url, integrity };
  await writeFile(`${folder}/manifest.new`, JSON.stringify(manifest));
  await rename(`${folder}/manifest.new`, `${folder}/manifest.json`);
}
