// What several journeys do on their way, and do alike.

/** Puts one piece of a product into the cart, from its own page. */
export async function takes(shopper, slug) {
  await shopper.opens(`/products/${slug}`);
  await shopper.presses('Add to cart');
  await shopper.sees(/\d+ in your cart/);
}

/** Signs in on the page for it. */
export async function signsIn(shopper, { email, password }) {
  await shopper.fills('Email', email);
  await shopper.fills('Password', password);
  await shopper.presses('Sign in');
}

/** Opens the shop as a customer. */
export async function entersAs(shopper, customer, path) {
  await shopper.opens(`/sign-in?next=${encodeURIComponent(path)}`);
  await signsIn(shopper, customer);
  await shopper.isAt(path);
}

/** Pays at the checkout, with a new card of this number. */
export async function paysWith(shopper, number) {
  await shopper.fills('Card number', number);
  await shopper.presses(/^Pay /);
  await shopper.isAt(/^\/checkout\/placed\//);
}
