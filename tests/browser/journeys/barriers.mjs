// Every page of the shop, in both themes: nothing keeps anyone out, nothing is wider than a phone.
import { journey, PHONE } from '../support/journey.mjs';
import { entersAs, paysWith, takes } from './deeds.mjs';
import { aCustomer } from '../support/shop.mjs';

const LOOKS = { 'in light colours': { colorScheme: 'light' }, 'in dark colours on a phone': { colorScheme: 'dark', ...PHONE } };

for (const [look, options] of Object.entries(LOOKS)) {
  journey(`a guest meets no barrier, ${look}`, async (guest) => {
    const finds = finder(guest);
    guest.forgives(/404 \(Not Found\) @ .*\/(none-such|nowhere)$/);
    await finds('/', 'Popular');
    await finds('/products', 'Products');
    await finds('/products?q=no+such+thing', 'No product matches');
    await finds('/products/blue-mug', 'Blue Mug');
    await finds('/products/none-such', 'There is no such product');
    await finds('/cart', 'Your cart is empty');
    await takes(guest, 'blue-mug');
    await finds('/cart', 'Summary');
    await finds('/checkout', 'Sign in to check out');
    await finds('/orders', 'Sign in to see your orders');
    await finds('/sign-in', 'Sign in');
    await finds('/register', 'Create an account');
    await finds('/account', 'You are not signed in');
    await finds('/mailbox', 'You are not signed in');
    await finds('/nowhere', 'There is no such page');
  }, options);

  journey(`a customer meets no barrier, ${look}`, async (customer) => {
    const finds = finder(customer);
    await entersAs(customer, await aCustomer(), '/account');
    await finds('/account', 'Account');
    await finds('/orders', 'No orders here');
    await finds('/mailbox', 'No mails yet');
    await takes(customer, 'blue-mug');
    await finds('/checkout', 'Your order');
    await paysWith(customer, '4242 4242 4242 4242');
    await customer.seesHeading('Your order is confirmed');
    await customer.findsNoBarrier();
    await finds('/orders', 'Orders');
    await customer.sees(/1 item/);
    await customer.follows(/^Order \w+$/);
    await customer.checks('Under the hood');
    await customer.sees('order.confirmed.v1');
    await customer.findsNoBarrier();
    await finds('/mailbox', 'Mailbox');
    await customer.follows(/^Confirmed · Order/);
    await customer.seesLink('To the order');
    await customer.findsNoBarrier();
  }, options);
}

function finder(shopper) {
  return async (path, heading) => {
    await shopper.opens(path);
    await shopper.seesHeading(heading);
    await shopper.findsNoBarrier();
  };
}
