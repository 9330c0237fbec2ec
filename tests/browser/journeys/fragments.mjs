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

  await shopper.spoils('catalog-ui');
  shopper.forgives(/RuntimeError: .*catalog-ui-\w+\.wasm/s);
  await shopper.presses('Add to cart');
  await shopper.seesHeading('This part of the shop stopped');
  await shopper.seesLink('Cart', 'banner');
  await shopper.presses('Try again');

  await shopper.presses('Add to cart');
  await shopper.seesLink('Cart 1 item', 'banner');
});

journey('files that somebody changed on their way are not run, and a retry takes the true ones', async (shopper) => {
  for (const [file, said] of [['**/assets/catalog-ui-*.wasm', /catalog-ui-\w+\.wasm/], ['**/assets/catalog-ui-*.js', /integrity.*catalog-ui-\w+\.js/]]) {
    await shopper.page.route(file, async (route) => {
      const response = await route.fetch({ maxRetries: 3 });
      const body = await response.body();
      // A blank at the end of a script, or another last byte of a module: harmless, but not what was built.
      await route.fulfill({ response, body: Buffer.concat([body.subarray(0, -1), Buffer.from(' ')]) });
    });
    shopper.forgives(said);

    await shopper.opens('/products/blue-mug');
    await shopper.seesHeading('This part of the shop stopped');
    await shopper.page.unroute(file);
    await shopper.presses('Try again');

    await shopper.seesHeading('Blue Mug');
    await shopper.presses('Add to cart');
    await shopper.sees(/\d+ in your cart/);
  }
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

journey('a page whose list of fragments does not come says so, and a retry goes on from there', async (shopper) => {
  for (const [file, said] of [['**/manifest.json', /manifest\.json/], ['**/assets/loader-*.js', /loader-\w+\.js/]]) {
    await shopper.page.route(file, (route) => route.abort());
    shopper.forgives(said);

    await shopper.opens('/products/blue-mug');
    await shopper.seesHeading('This part of the shop stopped');
    await shopper.page.unroute(file);
    await shopper.presses('Try again');

    await shopper.seesHeading('Blue Mug');
    await shopper.presses('Add to cart');
  }
});

journey('a page that stayed open while its build was swept away finds the files of the next', async (shopper) => {
  const outdated = async (route) => {
    const response = await route.fetch({ maxRetries: 3 });
    const text = await response.text();
    await route.fulfill({ response, body: text.replaceAll(/checkout-ui-\w+/g, 'checkout-ui-gone') });
  };
  await shopper.page.route('**/manifest.json', outdated);
  shopper.forgives(/checkout-ui-gone/);
  await takes(shopper, 'blue-mug');
  await shopper.page.unroute('**/manifest.json');

  await shopper.follows('Cart 1 item', 'banner');

  await shopper.seesLink('Check out');
});

journey('the way back leads to a page of the server too, and no title is lost on the way', async (shopper) => {
  shopper.forgives(/nowhere/);
  await shopper.opens('/nowhere');
  await shopper.seesHeading('There is no such page');
  await shopper.page.locator('header details').waitFor();
  await shopper.follows('Products', 'banner');
  await shopper.follows('Blue Mug');
  // Another journey may be replacing this fragment just now.
  await shopper.seesHeading(/^You may also (like|want)$/);
  await shopper.page.getByText('EN · USD').click();
  await shopper.chooses('Theme', 'Dark');
  assert.match(await shopper.page.title(), /^Blue Mug/);

  await shopper.page.goBack();
  await shopper.seesLink('Blue Mug');
  await shopper.page.goBack();

  await shopper.seesHeading('There is no such page');
});

journey('a stranger who takes two things at once in two windows has one cart', async (shopper) => {
  const other = await shopper.page.context().newPage();
  shopper.watches(other);
  await shopper.page.context().route('**/graphql', async (route) => {
    // Slow enough for both to be under way, if nothing kept them apart.
    if (route.request().postData()?.includes('mutation')) await new Promise((resolve) => { setTimeout(resolve, 300); });
    await route.continue();
  });
  const takes = async (page, slug) => {
    await page.goto(`/products/${slug}`);
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await page.getByText(/\d+ in your cart/).waitFor();
  };

  await Promise.all([takes(shopper.page, 'blue-mug'), takes(other, 'wool-blanket')]);

  await shopper.opens('/cart');
  await shopper.seesLink('Cart 2 items', 'banner');
});

journey('a fragment is replaced without building the shell again', async (shopper) => {
  const before = await builds();
  await shopper.opens('/products/blue-mug');
  await shopper.seesHeading('You may also like');

  await anotherBuild('shop-catalog', 'You may also like', 'You may also want');
  try {
    await shopper.reloads();
    await shopper.seesHeading('You may also want');
    await shopper.seesLink('Cart', 'banner');
    const after = await builds();
    assert.notDeepEqual(after.fragments['shop-catalog'], before.fragments['shop-catalog']);
    assert.deepEqual({ ...after, fragments: {} }, { ...before, fragments: {} });
  } finally {
    await anotherBuild('shop-catalog', 'You may also want', 'You may also like');
  }
});
