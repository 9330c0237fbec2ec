// From a guest's first look to an order that is confirmed.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { aCustomer } from '../support/shop.mjs';
import { entersAs, paysWith, signsIn, takes } from './deeds.mjs';

journey('a guest fills a cart, signs in, watches the order being confirmed, and finds the code behind it', async (guest, another) => {
  const mina = await aCustomer('Mina');
  const elsewhere = await another();
  await entersAs(elsewhere, mina, '/account');
  await takes(elsewhere, 'canvas-tote');

  await takes(guest, 'blue-mug');
  await guest.sees('1 in your cart');
  await guest.follows('Cart 1 item', 'banner');
  await guest.follows('Check out');
  await guest.follows('Sign in');
  await signsIn(guest, mina);

  await guest.isAt('/checkout');
  await guest.sees('Blue Mug × 1');
  await guest.sees('Canvas Tote Bag × 1');
  await guest.page.evaluate(() => { window.isSamePage = true; });
  await paysWith(guest, '4242 4242 4242 4242');
  await guest.seesHeading('Your order is confirmed');
  await guest.hears('Confirmed');
  await guest.seesLink('Cart', 'banner');
  assert.ok(await guest.page.evaluate(() => window.isSamePage), 'the page was loaded again');

  await guest.follows('See the order');
  await guest.checks('Under the hood');
  await guest.sees('order.confirmed.v1');
  await guest.findsTheCode();
});
