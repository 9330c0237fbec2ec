// What can go wrong with the money, and the way out of it.
import { journey } from '../support/journey.mjs';
import { aCustomer } from '../support/shop.mjs';
import { entersAs, paysWith, takes } from './deeds.mjs';

journey('a declined card is told, and another one pays', async (shopper) => {
  await entersAs(shopper, await aCustomer(), '/account');
  await takes(shopper, 'dotted-notebook');
  await shopper.opens('/checkout');
  await paysWith(shopper, '4000 0000 0000 0341');
  await shopper.seesHeading('Your order was cancelled');
  await shopper.sees('The card was not charged.');
  await shopper.findsNoBarrier();

  await shopper.follows('Try again with another card');
  await shopper.seesHeading('Pay again');
  await shopper.sees('Dotted Notebook A5 × 1');
  await shopper.findsNoBarrier();
  await shopper.checks('New card');
  await paysWith(shopper, '4242 4242 4242 4242');

  await shopper.seesHeading('Your order is confirmed');
});

journey('a customer cancels, and sees the refund', async (shopper) => {
  await entersAs(shopper, await aCustomer(), '/account');
  await takes(shopper, 'steel-bottle');
  await shopper.opens('/checkout');
  await paysWith(shopper, '4242 4242 4242 4242');
  await shopper.seesHeading('Your order is confirmed');

  await shopper.follows('See the order');
  await shopper.sees('Charged');
  await shopper.presses('Cancel this order');

  await shopper.sees('Cancelled as you wished.');
  await shopper.sees('Paid back');
  await shopper.hears(/Cancelled|Paid back|Put back on the shelf/);
});
