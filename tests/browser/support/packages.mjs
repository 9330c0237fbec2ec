// What npm installed. `cargo shop test` keeps it outside the source tree, where an `import` would not look.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(`${setting('SHOP_BROWSER_PACKAGES')}/`);

export const { chromium } = require('playwright-core');
export const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** A setting that the Rust side of these tests gives us. */
export function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run \`cargo shop test -p shop-tests\``);
  return value;
}
