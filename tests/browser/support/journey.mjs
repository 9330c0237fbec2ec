// Journeys: somebody in a browser of their own, who must meet no fault on the way.
import { chromium, setting } from './packages.mjs';
import { Shopper } from './shopper.mjs';

/** Every journey told so far; `main.test.mjs` plays them. */
export const journeys = [];

const DESKTOP = { viewport: { width: 1280, height: 900 }, locale: 'en-US', colorScheme: 'light' };
/** As a phone of today, held upright. */
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/**
 * Tells a journey. `play` gets a shopper, and a function that brings another one.
 * `look` changes how their browsers look: language, theme, size.
 */
export function journey(name, play, look = {}) {
  journeys.push({ name, play: () => travel(name, play, look) });
}

async function travel(name, play, look) {
  const shoppers = [];
  const another = async () => {
    const context = await (await browser()).newContext({
      baseURL: setting('SHOP_URL'), reducedMotion: 'reduce', ...DESKTOP, ...look,
    });
    const shopper = await Shopper.enter(context);
    shoppers.push(shopper);
    return shopper;
  };
  try {
    await play(await another(), another);
    for (const shopper of shoppers) shopper.metNoFault();
  } catch (error) {
    const views = await Promise.all(shoppers.map((shopper, at) => shopper.lastView(`${name} ${at + 1}`)));
    throw new Error([error.message, ...views].join('\n'), { cause: error });
  } finally {
    for (const shopper of shoppers) await shopper.page.context().close();
  }
}

let launched;

/** The one browser; every shopper has a profile of their own in it. */
export function browser() {
  return launched ??= chromium.launch({
    executablePath: setting('SHOP_CHROMIUM'),
    // Chromium does not sandbox what root runs, and shared memory is small in containers.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-quic'],
  });
}

export async function closeBrowser() {
  await (await launched)?.close();
}
