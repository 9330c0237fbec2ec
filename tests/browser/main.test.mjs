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

describe('the storefront', { concurrency: 3 }, () => {
  for (const { name, play } of journeys) test(name, { timeout: 600_000 }, play);
  after(closeBrowser);
});
