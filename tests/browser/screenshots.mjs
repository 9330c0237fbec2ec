// Takes a picture of every page of a running shop, at phone and desktop width, in light and dark. See README.md.
import { mkdir } from 'node:fs/promises';
import { entersAs, takes } from './journeys/deeds.mjs';
import { browser, closeBrowser, PHONE } from './support/journey.mjs';
import { setting } from './support/packages.mjs';
import { Shopper } from './support/shopper.mjs';

const ADA = { email: 'ada@example.org', password: 'demo-ada-2026' };
const DESKTOP = { viewport: { width: 1280, height: 900 } };
const folder = process.argv[2] ?? 'screenshots';
await mkdir(folder, { recursive: true });

for (const [size, look] of Object.entries({ phone: PHONE, desktop: DESKTOP })) {
  for (const colorScheme of ['light', 'dark']) {
    await visitEverything(`${size}-${colorScheme}`, { ...look, colorScheme });
  }
}
await closeBrowser();

async function visitEverything(look, options) {
  const context = await (await browser()).newContext({
    baseURL: setting('SHOP_URL'), locale: 'en-US', reducedMotion: 'reduce', deviceScaleFactor: 2, ...options,
  });
  const ada = await Shopper.enter(context);
  const takesPicture = (name) => picture(ada.page, `${folder}/${look}-${name}.png`);
  const visits = async (name, path, heading) => {
    await ada.opens(path);
    await ada.seesHeading(heading);
    await takesPicture(name);
  };

  await visits('sign-in', '/sign-in', 'Sign in');
  await visits('register', '/register', 'Create an account');
  await visits('cart-empty', '/cart', 'Your cart is empty');
  await visits('not-found', '/nowhere', 'There is no such page');
  await entersAs(ada, ADA, '/account');
  await ada.seesHeading('Ada');
  await takesPicture('account');
  await visits('products', '/products', 'Products');
  await visits('search', '/products?q=coffee&category=tea-and-coffee', 'Results for “coffee”');
  await visits('nothing-found', '/products?q=submarine', 'No product matches');
  await takes(ada, 'pour-over-set');
  await takesPicture('product');
  await takes(ada, 'jeju-green-tea');
  await visits('home', '/', 'Recently viewed');
  await visits('cart', '/cart', 'Summary');
  await visits('checkout', '/checkout', 'Your order');
  await ada.presses(/^Pay /);
  await ada.seesHeading('Your order is confirmed');
  await takesPicture('placed');
  await ada.follows('See the order');
  await ada.sees('What happened');
  await takesPicture('order');
  await ada.checks('Under the hood');
  await ada.sees('order.confirmed.v1');
  await takesPicture('under-the-hood');
  await ada.opens('/orders');
  await ada.sees('Confirmed');
  await takesPicture('orders');
  await visits('mailbox', '/mailbox', 'Mailbox');
  await ada.page.locator('.mails a').first().click();
  await ada.seesLink('To the order');
  await takesPicture('mail');
  await context.close();
}

/** The whole page, once all of its pictures are there, in a window as high: what sticks to an edge stands at the edge. */
async function picture(page, path) {
  const { width, height } = page.viewportSize();
  await page.waitForFunction(() => !document.querySelector('main .skeleton'));
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(whole, height) });
  await page.waitForFunction(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0));
  await page.screenshot({ path });
  await page.setViewportSize({ width, height });
}
