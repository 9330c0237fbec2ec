// The shop from behind: accounts and stock, over the services' own APIs.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setting } from './packages.mjs';

const OPERATOR = { email: 'operator@example.org', password: 'demo-operator-2026' };

/** A new customer, so that journeys that are made at once do not share a cart. */
export async function aCustomer(name = 'Mina') {
  const customer = { name, email: `${name}-${randomUUID()}@example.org`.toLowerCase(), password: randomUUID() };
  await send('POST', 'identity', '/customers', { ...customer, locale: 'en' });
  return customer;
}

/** Sees to it that there are a few of a product, of which there never are many. */
export async function hasFew(slug) {
  const { id, stock } = await send('GET', 'catalog', `/products/${slug}`);
  if (stock.state === 'sold_out') await adjust(id, 3);
}

/** Takes all that is left of it. */
export async function sellsOut(slug) {
  const { id, stock } = await send('GET', 'catalog', `/products/${slug}`);
  assert.equal(stock.state, 'few_left', `${slug} is not one of the few`);
  await adjust(id, -stock.left);
}

/** Has a product cost another 10 cents and 100 won. */
export async function raisesThePrice(slug) {
  const { id, version, stock, added_at, prices, ...product } = await send('GET', 'catalog', `/products/${slug}`);
  const of = (currency) => prices.find((price) => price.currency === currency).minor;
  const price = { krw: of('KRW') + 100, usd: of('USD') + 10 };
  await send('PUT', 'catalog', `/products/${id}`, { version, product: { ...product, price } }, await operator());
}

async function adjust(id, delta) {
  await send('POST', 'catalog', `/products/${id}/adjustments`, { delta, reason: 'for a browser test' }, await operator());
}

async function operator() {
  return (await send('POST', 'identity', '/sessions', OPERATOR)).access_token;
}

async function send(method, service, path, body, token) {
  const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
  if (token) headers.authorization = `Bearer ${token}`;
  const [base] = (await whereabouts()).services[service];
  const response = await fetch(base + path, { method, headers, body: body && JSON.stringify(body) });
  assert.ok(response.ok, `${method} ${service} ${path}: ${response.status} ${response.ok ? '' : await response.clone().text()}`);
  return response.json();
}

let known;
async function whereabouts() {
  return known ??= await (await fetch(`${setting('SHOP_URL')}/.well-known/shop.json`)).json();
}
