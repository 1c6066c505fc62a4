/** `npm run screenshot`: takes the README's picture of the real widget on the demo shop. */
import { launchBrowser } from './browser.ts'
import { script } from './options.ts'

type Options = { shop: string; out: string }
const { shop, out } = script('screenshot', 'takes the picture of the README, while npm start runs')
  .option('--shop <url>', 'the demo shop', 'http://localhost:8788')
  .option('--out <file>', 'the picture', 'docs/assets/widget.png')
  .parse()
  .opts<Options>()

const browser = await launchBrowser()
try {
  const page = await browser.newPage({ viewport: { width: 1120, height: 760 }, deviceScaleFactor: 2 })
  await page.goto(shop).catch(() => {
    throw new Error(`${shop} does not answer: run npm start first, or name another with --shop.`)
  })
  const widget = page.locator('caty-widget')
  await widget.locator('button[aria-haspopup="dialog"]').click()
  const composer = widget.locator('textarea')
  await composer.fill('Hi! Do you have a blue mug under 30?')
  await composer.press('Enter')
  await widget.locator('[part=product]').first().waitFor()
  await page.screenshot({ path: out, animations: 'disabled' })
  console.log(`wrote ${out}`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await browser.close()
}
