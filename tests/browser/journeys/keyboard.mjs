// Everything, from the first page to the order, without a mouse.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { aCustomer } from '../support/shop.mjs';

journey('somebody with a keyboard alone finds, buys and pays', async (shopper) => {
  const { email, password } = await aCustomer('Jun');
  await shopper.opens('/');
  await shopper.seesHeading('Popular');
  await shopper.hits('Tab');
  await shopper.hits('Enter');
  assert.equal(new URL(shopper.page.url()).hash, '#outlet', 'the first stop leads past the header');

  await shopper.opens('/');
  await shopper.tabsTo('searchbox', 'Search products', 'banner');
  await shopper.types('notebook');
  await shopper.hits('Enter');
  await shopper.isAt('/products?q=notebook');
  await shopper.tabsTo('link', 'Dotted Notebook A5');
  await shopper.hits('Enter');
  await shopper.tabsTo('button', 'Add to cart');
  await shopper.hits('Enter');
  await shopper.tabsTo('link', 'To the cart');
  await shopper.hits('Enter');
  await shopper.tabsTo('link', 'Check out');
  await shopper.hits('Enter');
  await shopper.isAt('/checkout');
  await shopper.seesHeading('Sign in to check out');
  await shopper.tabsTo('link', 'Sign in');
  await shopper.hits('Enter');
  await shopper.tabsTo('textbox', 'Email');
  await shopper.types(email);
  await shopper.tabsTo('textbox', 'Password');
  await shopper.types(password);
  await shopper.hits('Enter');

  await shopper.isAt('/checkout');
  await shopper.tabsTo('button', /^Pay /);
  await shopper.isSeenWhereTheFocusIs();
  await shopper.hits('Enter');
  await shopper.seesHeading('Your order is confirmed');
});
