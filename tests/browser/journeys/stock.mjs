// Somebody else was faster.
import { journey } from '../support/journey.mjs';
import { aCustomer, hasFew, sellsOut } from '../support/shop.mjs';
import { entersAs, paysWith, takes } from './deeds.mjs';

journey('what sells out while it is in the cart is named there, and nothing else is in the way', async (shopper) => {
  await hasFew('cast-iron-skillet');
  await takes(shopper, 'cast-iron-skillet');
  await takes(shopper, 'blue-mug');
  await sellsOut('cast-iron-skillet');

  await shopper.opens('/cart');
  await shopper.sees('Sold out. Please remove it.');
  await shopper.presses('Remove Cast Iron Skillet');

  await shopper.sees('Cast Iron Skillet was removed.');
  await shopper.seesLink('Check out');
});

journey('what sells out while it is paid for is named, and no money is kept', async (shopper) => {
  await entersAs(shopper, await aCustomer(), '/account');
  await hasFew('celadon-teapot');
  await takes(shopper, 'celadon-teapot');
  await shopper.opens('/checkout');
  await shopper.sees('Celadon Teapot × 1');
  await sellsOut('celadon-teapot');

  await paysWith(shopper, '4242 4242 4242 4242');

  await shopper.seesHeading('Your order was cancelled');
  await shopper.sees('Celadon Teapot has just sold out.');
  await shopper.follows('See the order');
  await shopper.sees('Cancelled because not everything was there.');
  // Whichever was faster: the charge, or the news that it is not wanted.
  await shopper.sees(/^(Paid back|Nothing was charged)$/);
});
