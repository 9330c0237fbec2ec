// Somebody with a browser. Everything is found as people find it: by role, label and text.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { axeSource, setting } from './packages.mjs';

/** A debug build on a busy machine; whoever waits stops as soon as it is there. */
const PATIENCE_MS = 20_000;
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export class Shopper {
  #faults = [];
  #forgiven = [];

  static async enter(context) {
    context.setDefaultTimeout(PATIENCE_MS);
    // Chromium tells of most violations on the console, and of all in this event.
    await context.addInitScript(() => addEventListener('securitypolicyviolation',
      (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`)));
    const shopper = new Shopper();
    shopper.page = await context.newPage();
    shopper.watches(shopper.page);
    return shopper;
  }

  /** Another window of the same browser is watched, too. */
  watches(page) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.#faults.push(`${message.text()} @ ${message.location().url}`);
    });
    page.on('pageerror', (error) => this.#faults.push(String(error.stack ?? error)));
  }

  // Going

  async opens(path) { await this.page.goto(path); }
  async reloads() { await this.page.reload(); }
  async follows(name, where) { await this.link(name, where).click(); }
  async presses(name, where) { await this.button(name, where).click(); }
  async fills(label, text) { await this.page.getByLabel(label, { exact: true }).fill(text); }
  async chooses(label, option) { await this.page.getByLabel(label, { exact: true }).selectOption(option); }
  async checks(label) { await this.page.getByLabel(label).check(); }

  /** Tabs along until the element called so has the focus. */
  async tabsTo(role, name, where = 'main') {
    const wanted = this.page.getByRole(where).getByRole(role, named(name));
    await wanted.waitFor();
    for (let pressed = 0; pressed < 80; pressed++) {
      if (await wanted.evaluate((element) => element === document.activeElement)) return;
      await this.page.keyboard.press('Tab');
    }
    assert.fail(`the keyboard does not reach ${role} ${name}`);
  }
  async types(text) { await this.page.keyboard.type(text); }
  async hits(key) { await this.page.keyboard.press(key); }

  // Looking

  /** In the page's main part, unless another landmark is named: `banner`, `contentinfo`. */
  link(name, where = 'main') { return this.page.getByRole(where).getByRole('link', named(name)); }
  button(name, where = 'main') { return this.page.getByRole(where).getByRole('button', named(name)); }
  async isAt(path) { await this.page.waitForURL((url) => matches(url.pathname + url.search, path)); }
  async sees(text) { await this.page.getByText(text).filter({ visible: true }).first().waitFor(); }
  async seesHeading(name) { await this.page.getByRole('heading', named(name)).first().waitFor(); }
  async seesLink(name, where) { await this.link(name, where).waitFor(); }
  async hears(text) { await this.page.locator('#announcer').filter({ hasText: text }).waitFor({ state: 'attached' }); }

  /** What stands under the hood leads to pages and code that are there; where they are published, not on this site. */
  async findsTheCode() {
    const links = await this.page.locator('.why a').evaluateAll((all) => all.map(({ href }) => href));
    const addresses = [...new Set(links)];
    assert.ok(addresses.length > 5, `there are only ${addresses.length} links`);
    const { origin } = new URL(this.page.url());
    for (const address of addresses.filter((one) => one.startsWith(origin))) {
      const answer = await this.page.request.get(address);
      assert.equal(answer.status(), 200, address);
    }
  }

  /** What other services have to hear of first: the page is loaded anew, and shown, until it is there. */
  async seesAfterReloads(text, isShown) {
    const found = this.page.getByText(text).first();
    for (const began = Date.now(); Date.now() - began < PATIENCE_MS;) {
      await this.page.reload();
      await isShown();
      if (await found.isVisible()) return;
    }
    assert.fail(`${text} did not come`);
  }

  async seesFilledIn(label, text) {
    const input = await this.page.getByLabel(label, { exact: true }).elementHandle();
    await this.page.waitForFunction(([input, text]) => input.value === text, [input, text]);
  }

  /** Overwrites all that a bundle remembers: whatever it is asked to do next traps, as a panic does. */
  async spoils(bundle) {
    await this.page.evaluate(async (bundle) => {
      const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
      // The very module that the page runs: its start hands out what was started already.
      const { default: start } = await import(loaded.find((name) => name.includes(bundle) && name.endsWith('.js')));
      new Uint8Array((await start()).memory.buffer).fill(0xff);
    }, bundle);
  }

  // Judging

  /** Nothing that keeps anyone from using this page, as far as a machine can tell; nor anything wider than the window. */
  async findsNoBarrier({ but = [], isLoading = false } = {}) {
    // Or it would be the skeleton that was looked at.
    if (!isLoading) await this.page.waitForFunction(() => !document.querySelector('main .skeleton'));
    await this.page.evaluate(axeSource);
    const violations = await this.page.evaluate(async ([values, but]) => {
      const { violations } = await axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] });
      return violations.filter(({ id }) => !but.includes(id)).map(({ id, help, nodes }) => `axe, ${id}: ${help}\n    ${nodes.map((node) => node.html).join('\n    ')}`);
    }, [RULES, but]);
    // Not against innerWidth: a phone zooms out until everything fits.
    const over = await this.page.evaluate(() => document.documentElement.scrollWidth) - this.page.viewportSize().width;
    if (over > 0) violations.push(`${over} px wider than the window`);
    for (const violation of violations) this.#faults.push(`${violation}\n    @ ${this.page.url()}`);
  }

  async isSeenWhereTheFocusIs() {
    const { outlineStyle, outlineWidth } = await this.page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      return { outlineStyle, outlineWidth };
    });
    assert.ok(outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2, `the focus is not seen: ${outlineWidth} ${outlineStyle}`);
  }

  /** This journey provokes such an error on the console; it must come. */
  forgives(pattern) { this.#forgiven.push(pattern); }

  metNoFault() {
    const faults = this.#faults.filter((fault) => !this.#forgiven.some((pattern) => pattern.test(fault)));
    assert.deepEqual(faults, [], `${faults.length} faults`);
    for (const pattern of this.#forgiven) {
      assert.ok(this.#faults.some((fault) => pattern.test(fault)), `nothing like ${pattern} happened`);
    }
  }

  /** Where it ended, for whoever mends it. */
  async lastView(name) {
    const file = `${setting('SHOP_BROWSER_VIEWS')}/${name.replaceAll(/\W+/g, '-')}.png`;
    await mkdir(setting('SHOP_BROWSER_VIEWS'), { recursive: true });
    await this.page.screenshot({ path: file, fullPage: true }).catch(() => {});
    return `\n  at ${this.page.url()}, seen in ${file}\n  console: ${this.#faults.join('\n  ') || 'clean'}`;
  }
}

function named(name) { return { name, exact: typeof name === 'string' }; }

function matches(path, wanted) { return wanted instanceof RegExp ? wanted.test(path) : path === wanted; }
