// Each page, alone and without the shell, in all of its states: loading, failed, empty and ready.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { aCustomer } from '../support/shop.mjs';
import { entersAs, paysWith, takes } from './deeds.mjs';

const QUESTIONS = '**/graphql';
const UPDATES = '**/graphql?*';
const AWAY = { data: null, errors: [{ message: 'away', extensions: { code: 'unavailable' } }] };

journey('pages of a guest show all of their states', async (guest) => {
  await takes(guest, 'blue-mug');

  await showsAllStates(guest, '/', { ready: 'Blue Mug', empty: 'See all products', gone: 'Popular' });
  await showsAllStates(guest, '/products', { ready: 'Blue Mug', empty: 'No product matches' });
  await showsAllStates(guest, '/products/blue-mug', { ready: 'Add to cart', empty: 'There is no such product', without: 'product' });
  await showsAllStates(guest, '/cart', { ready: 'Blue Mug', empty: 'Your cart is empty' });
  await showsAllStates(guest, '/checkout', { ready: 'Sign in to check out' });
});

journey('pages of a customer show all of their states', async (customer) => {
  await entersAs(customer, await aCustomer(), '/account');
  await takes(customer, 'blue-mug');
  await customer.opens('/checkout');
  await paysWith(customer, '4242 4242 4242 4242');
  await customer.seesHeading('Your order is confirmed');
  const order = customer.page.url().split('/').at(-1);
  await takes(customer, 'blue-mug');

  await showsAllStates(customer, '/checkout', { ready: 'Blue Mug × 1', empty: 'Your cart is empty' });
  await showsAllStates(customer, `/checkout/placed/${order}`, { ready: 'Your order is confirmed', empty: 'There is no such order', without: 'order' });
  await showsAllStates(customer, '/orders', { ready: /^Order \w{8}/, empty: 'No orders here' });
  await showsAllStates(customer, `/orders/${order}`, { ready: 'What happened', empty: 'There is no such order', without: 'order' });
  await showsAllStates(customer, '/account', { ready: 'Mina', empty: 'You are not signed in', without: 'me' });
  await showsAllStates(customer, '/mailbox', { ready: /^Confirmed · Order/, empty: 'No mails yet' });
});

async function showsAllStates(shopper, path, { ready, empty, gone, without }) {
  const { page } = shopper;
  const answer = async (how) => {
    await page.unroute(QUESTIONS);
    await page.route(QUESTIONS, how);
  };
  // Live updates would heal a page before anybody has seen what is wrong with it.
  await page.route(UPDATES, unanswered);

  await answer(unanswered);
  await shopper.opens(`/alone${path}`);
  // Inside of what the fragment mounted: the server's HTML has a skeleton of its own.
  await page.locator('main > * > div:not([class]) .skeleton').first().waitFor();
  await shopper.findsNoBarrier({ but: ['page-has-heading-one'], isLoading: true });

  await answer((route) => route.fulfill({ json: AWAY }));
  await shopper.reloads();
  await shopper.sees('This did not load');
  await shopper.findsNoBarrier({ but: ['page-has-heading-one'] });
  await answer((route) => route.continue());
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await shopper.sees(ready);

  if (empty) {
    await answer(async (route) => {
      const response = await route.fetch({ maxRetries: 3 });
      await route.fulfill({ response, json: emptied(await response.json(), without) });
    });
    await shopper.reloads();
    await shopper.sees(empty);
    await page.waitForFunction(() => !document.querySelector('.skeleton'));
    if (gone) assert.equal(await page.getByRole('heading', { name: gone }).count(), 0);
  }
  await page.unrouteAll({ behavior: 'ignoreErrors' });
}

function unanswered() {}

/** The same answer with nothing in it: no entries in lists, and null for the one thing the page is about. */
function emptied({ data, ...rest }, without) {
  const sparse = (value) => {
    if (Array.isArray(value)) return [];
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, sparse(inner)]));
  };
  return { ...rest, data: { ...sparse(data), ...(without && { [without]: null }) } };
}
