// A part of the page dies, or is replaced, and the rest does not care.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { anotherBuild, builds } from '../support/storefront.mjs';
import { takes } from './deeds.mjs';

journey('a fragment that does not load shows its card, the others work, and a retry revives it', async (shopper) => {
  const wasm = '**/assets/checkout-ui-*.wasm';
  await takes(shopper, 'blue-mug');
  await shopper.page.route(wasm, (route) => route.abort());
  shopper.forgives(/checkout-ui-\w+\.wasm/);

  await shopper.follows('Cart 1 item', 'banner');
  await shopper.seesHeading('This part of the shop stopped');
  await shopper.findsNoBarrier();
  await shopper.follows('Products', 'banner');
  await shopper.seesLink('Blue Mug');

  await shopper.follows('Cart 1 item', 'banner');
  await shopper.seesHeading('This part of the shop stopped');
  await shopper.page.unroute(wasm);
  await shopper.presses('Try again');
  await shopper.seesLink('Blue Mug');
  await shopper.seesLink('Check out');
});

journey('a fragment that traps is taken off and starts afresh, beside a header that lives on', async (shopper) => {
  await shopper.opens('/products/blue-mug');
  await shopper.seesHeading('Blue Mug');

  await shopper.trap('catalog-ui');
  await shopper.seesHeading('This part of the shop stopped');
  await shopper.seesLink('Cart', 'banner');
  await shopper.presses('Try again');

  await shopper.presses('Add to cart');
  await shopper.seesLink('Cart 1 item', 'banner');
});

journey('without the shell, links and search still work by whole pages', async (shopper) => {
  await shopper.page.route('**/assets/shell-ui-*.wasm', (route) => route.abort());
  shopper.forgives(/shell-ui-\w+\.wasm|TypeError: Failed to fetch/);

  await shopper.opens('/');
  await shopper.seesHeading('Popular');
  await shopper.page.getByRole('searchbox').fill('mug');
  await shopper.hits('Enter');

  await shopper.isAt('/products?q=mug');
  await shopper.seesLink('Blue Mug');
});

journey('a fragment is replaced without building the shell again', async (shopper) => {
  const before = await builds();
  await shopper.opens('/products/blue-mug');
  await shopper.seesHeading('You may also like');

  await anotherBuild('shop-catalog', 'You may also like', 'You may also want');
  await shopper.reloads();

  await shopper.seesHeading('You may also want');
  await shopper.seesLink('Cart', 'banner');
  const after = await builds();
  assert.notDeepEqual(after.fragments['shop-catalog'], before.fragments['shop-catalog']);
  assert.deepEqual({ ...after, fragments: {} }, { ...before, fragments: {} });
  await anotherBuild('shop-catalog', 'You may also want', 'You may also like');
});
