/**
 * `npm run screenshot`: the picture of the README, taken of the real widget on the demo shop. Expects `npm start` to run;
 * `SHOP_URL` names another shop.
 */
import { argv, env, exit } from 'node:process'
import { launchBrowser } from './browser.ts'

const shop = env.SHOP_URL ?? 'http://localhost:8788'
const target = argv[2] ?? 'docs/assets/widget.png'

async function main(): Promise<void> {
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1120, height: 760 }, deviceScaleFactor: 2 })
    await page.goto(shop)
    const widget = page.locator('caty-widget')
    await widget.locator('button[aria-haspopup="dialog"]').click()
    const composer = widget.locator('textarea')
    await composer.fill('Hi! Do you have a blue mug under 30?')
    await composer.press('Enter')
    await widget.locator('[part=product]').first().waitFor()
    await page.screenshot({ path: target, animations: 'disabled' })
  } finally {
    await browser.close()
  }
}

main().then(
  () => console.log(`wrote ${target}`),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    exit(1)
  },
)
