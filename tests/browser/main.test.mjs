// Every journey, a few at a time. See README.md.
import { after, describe, test } from 'node:test';
import { closeBrowser, journeys } from './support/journey.mjs';
import './journeys/barriers.mjs';
import './journeys/buying.mjs';
import './journeys/fragments.mjs';
import './journeys/keyboard.mjs';
import './journeys/paying.mjs';
import './journeys/preferences.mjs';
import './journeys/session.mjs';
import './journeys/states.mjs';
import './journeys/stock.mjs';
import './journeys/tidying.mjs';

// For the person who mends one. A pattern that fits none would look like a success.
const only = new RegExp(process.env.SHOP_TEST_JOURNEYS ?? '');
const played = journeys.filter(({ name }) => only.test(name));
if (played.length === 0) throw new Error(`no journey has ${only} in its name`);

describe('the storefront', { concurrency: 3 }, () => {
  for (const { name, play } of played) test(name, { timeout: 600_000 }, play);
  after(closeBrowser);
});
