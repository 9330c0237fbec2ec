// Every page of the shop, in both themes: nothing keeps anyone out, nothing is wider than a phone.
import { fileURLToPath } from 'node:url';
import { journey, PHONE } from '../support/journey.mjs';
import { entersAs, paysWith, takes } from './deeds.mjs';
import { aCustomer } from '../support/shop.mjs';

/** What the server sends when it has no page to send. */
const AWAY = fileURLToPath(new URL('../../../storefront/src/site/failed.html', import.meta.url));

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
    await finds('/behind', 'Behind the shop');
    await finds('/', 'Popular');
    await guest.page.locator('header summary').click();
    await guest.chooses('Theme', 'Like the system');
    await guest.findsNoBarrier();
    await finds('/orders', 'Sign in to see your orders');
    await finds('/sign-in', 'Sign in');
    await guest.presses('Sign in');
    await guest.sees('Please enter your password.');
    await guest.findsNoBarrier();
    await finds('/register', 'Create an account');
    await finds('/account', 'You are not signed in');
    await finds('/mailbox', 'You are not signed in');
    await finds('/nowhere', 'There is no such page');
    await guest.page.route('**/away', (route) => route.fulfill({ status: 503, contentType: 'text/html', path: AWAY }));
    guest.forgives(/503 .*\/away$/);
    await finds('/away', 'The shop cannot show this page just now');
  }, options);

  journey(`a customer meets no barrier, ${look}`, async (customer) => {
    const finds = finder(customer);
    await entersAs(customer, await aCustomer(), '/account');
    await finds('/account', 'Account');
    await finds('/orders', 'No orders here');
    await finds('/mailbox', 'No mails yet');
    await takes(customer, 'blue-mug');
    await finds('/checkout', 'Your order');
    await customer.fills('City', '');
    await customer.presses(/^Pay /);
    await customer.sees('Please enter a city.');
    await customer.findsNoBarrier();
    await customer.fills('City', 'Seoul');
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
