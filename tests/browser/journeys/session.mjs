// A session that ends in the middle of something.
import { journey } from '../support/journey.mjs';
import { aCustomer } from '../support/shop.mjs';
import { entersAs, paysWith, signsIn, takes } from './deeds.mjs';

journey('a session that ends at the checkout leads back to it, with what was typed', async (shopper) => {
  const customer = await aCustomer();
  await entersAs(shopper, customer, '/account');
  await takes(shopper, 'blue-mug');
  await shopper.opens('/checkout');
  await shopper.fills('City', 'Busan');
  await shopper.page.context().clearCookies();

  await shopper.presses(/^Pay /);
  await shopper.sees(/Your session has ended\./);
  await shopper.follows('Sign in');
  await signsIn(shopper, customer);

  await shopper.isAt('/checkout');
  await shopper.sees('Blue Mug × 1');
  await shopper.seesFilledIn('City', 'Busan');
  await shopper.presses(/^Pay /);
  await shopper.seesHeading('Your order is confirmed');
});

journey('a session that ends while an order is confirmed, or before the cart is looked at, leads back there', async (shopper) => {
  const customer = await aCustomer();
  await entersAs(shopper, customer, '/account');
  await takes(shopper, 'blue-mug');
  await shopper.opens('/checkout');
  await paysWith(shopper, '4242 4242 4242 4242');
  await shopper.seesHeading('Your order is confirmed');
  const placed = new URL(shopper.page.url()).pathname;

  for (const [path, said, seen] of [
    [placed, 'Sign in to see your order', 'Your order is confirmed'],
    ['/orders?status=CONFIRMED', 'Sign in to see your orders', /^Order \w{8}/],
  ]) {
    await shopper.page.context().clearCookies();
    await shopper.opens(path);
    await shopper.seesHeading(said);
    await shopper.findsNoBarrier();
    await shopper.follows('Sign in');
    await signsIn(shopper, customer);
    await shopper.isAt(path);
    await shopper.seesHeading(seen);
  }
});

journey('a session that ended before orders are looked at leads to them', async (shopper) => {
  const customer = await aCustomer();
  await entersAs(shopper, customer, '/orders');
  await shopper.seesHeading('No orders here');
  await shopper.page.context().clearCookies();

  await shopper.reloads();
  await shopper.seesHeading('Sign in to see your orders');
  await shopper.follows('Sign in');
  await signsIn(shopper, customer);

  await shopper.isAt('/orders');
  await shopper.seesHeading('No orders here');
});
