// In one's own language, money and light.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';

journey('a visitor from Korea buys in Korean and pays in won', async (shopper) => {
  await shopper.opens('/products/blue-mug');
  await shopper.seesHeading('파란 머그컵');
  await shopper.sees(/₩[\d,]+/);
  await shopper.presses('장바구니에 담기');
  await shopper.follows('장바구니 1 개', 'banner');
  await shopper.follows('주문하기');
  await shopper.follows('로그인');
  await shopper.fills('이메일', 'haru@example.org');
  await shopper.fills('비밀번호', 'demo-haru-2026');
  await shopper.presses('로그인');

  await shopper.isAt('/checkout');
  await shopper.presses(/₩[\d,]+/);

  await shopper.seesHeading('주문이 확정되었습니다');
  await shopper.findsNoBarrier();
}, { locale: 'ko-KR' });

journey('language, currency and theme are switched in the header, and stay', async (shopper) => {
  await shopper.opens('/products/blue-mug');
  await shopper.sees(/\$[\d.]+/);
  await shopper.page.getByText('EN · USD').click();
  await shopper.chooses('Theme', 'Dark');
  await shopper.chooses('Currency', 'KRW ₩');
  await shopper.chooses('Language', '한국어');
  await shopper.seesHeading('파란 머그컵');
  await standsOn(shopper, 'dark');

  await shopper.reloads();

  await shopper.seesHeading('파란 머그컵');
  await shopper.sees(/₩[\d,]+/);
  assert.equal(await shopper.page.locator('html').getAttribute('lang'), 'ko');
  await standsOn(shopper, 'dark');
});

journey('the system decides between light and dark, until somebody does', async (shopper) => {
  await shopper.opens('/');
  await standsOn(shopper, 'dark');

  await shopper.page.emulateMedia({ colorScheme: 'light' });
  await standsOn(shopper, 'light');

  await shopper.page.getByText('EN · USD').click();
  await shopper.chooses('Theme', 'Dark');
  await standsOn(shopper, 'dark');
}, { colorScheme: 'dark' });

/** Waits until the page stands on a dark ground, or a light one. */
async function standsOn(shopper, wanted) {
  await shopper.page.waitForFunction((wanted) => {
    const parts = getComputedStyle(document.documentElement).backgroundColor.match(/[\d.]+/g).map(Number);
    const lightness = (parts[0] + parts[1] + parts[2]) / 3 / 255;
    return wanted === 'dark' ? lightness < 0.2 : lightness > 0.8;
  }, wanted);
}
