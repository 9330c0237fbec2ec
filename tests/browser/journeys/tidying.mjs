// Somebody puts their things in order: account, cart, profile and cards; and finds something in a long list.
import { randomUUID } from 'node:crypto';
import { journey } from '../support/journey.mjs';
import { aCustomer, raisesThePrice } from '../support/shop.mjs';
import { entersAs, paysWith, takes } from './deeds.mjs';

journey('somebody new registers, tidies up the cart, and brings it along', async (shopper) => {
  await takes(shopper, 'blue-mug');
  await shopper.opens('/cart');
  await shopper.presses('One more: Blue Mug');
  await shopper.seesLink('Cart 2 items', 'banner');
  await shopper.presses('Remove Blue Mug');
  await shopper.sees('Blue Mug was removed.');
  await shopper.hears('Blue Mug was removed.');
  await shopper.seesHeading('Your cart is empty');
  await shopper.presses('Undo');
  await shopper.seesLink('Cart 2 items', 'banner');
  await shopper.presses('One less: Blue Mug');
  await shopper.seesLink('Cart 1 item', 'banner');
  await shopper.hears('Blue Mug: 1');

  await shopper.opens('/register?next=%2Fcart');
  await shopper.presses('Create an account');
  await shopper.sees('Please enter your name.');
  await shopper.fills('Name', 'Nari');
  await shopper.fills('Email', `nari-${randomUUID()}@example.org`);
  await shopper.fills('Password', randomUUID());
  await shopper.presses('Create an account');

  await shopper.isAt('/cart');
  await shopper.seesLink('Nari', 'banner');
  await shopper.seesLink('Cart 1 item', 'banner');
  await shopper.seesLink('Check out');
});

journey('a customer takes another name, puts a card away, and buys the same again', async (shopper) => {
  await entersAs(shopper, await aCustomer('Nari'), '/account');
  await shopper.fills('Name', 'Nari Kim');
  await shopper.presses('Save');
  await shopper.sees('Saved.');
  await shopper.seesHeading('Nari Kim');
  await shopper.seesLink('Nari Kim', 'banner');

  await takes(shopper, 'blue-mug');
  await shopper.opens('/checkout');
  await paysWith(shopper, '4242 4242 4242 4242');
  await shopper.seesHeading('Your order is confirmed');
  await shopper.follows('See the order');
  await shopper.presses('Buy again');
  await shopper.isAt('/cart');
  await shopper.seesLink('Cart 1 item', 'banner');

  await shopper.opens('/account');
  await shopper.presses('Remove VISA •••• 4242');
  await shopper.sees('None yet. The next checkout stores one.');
});

journey('a price that changes while something is in the cart is told', async (shopper) => {
  await takes(shopper, 'wall-clock');
  await shopper.opens('/cart');
  await shopper.seesLink('Check out');
  await raisesThePrice('wall-clock');

  const isShown = () => shopper.seesLink('Check out');
  await shopper.seesAfterReloads(/^The price has changed since you last looked/, isShown);
});

journey('a list is narrowed, sorted, widened again and read to its end', async (shopper) => {
  await shopper.opens('/products');
  await shopper.presses('Show more');
  await shopper.seesHeading(/^(More than )?(2[5-9]|[3-9]\d) products$/);
  await shopper.chooses('Sort by', 'Price, lowest first');
  await shopper.isAt('/products?sort=PRICE_ASC');

  await shopper.opens('/products?category=kitchen&q=knife&sort=PRICE_ASC');
  await shopper.seesHeading(/^Results for/);
  await shopper.follows('Remove filter: Search: knife');
  await shopper.isAt('/products?category=kitchen&sort=PRICE_ASC');
  await shopper.seesHeading('Products');
  await shopper.follows('Clear all');
  await shopper.isAt('/products');
  await shopper.seesHeading(/^More than \d+ products$/);
});
