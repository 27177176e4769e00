import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { html } from '../../reports/formats/html.ts'
import { fileRenderOptions } from '../../src/cli/terminal.ts'
import { browserPath, startBrowser } from '../support/processes/chromium.ts'
import { exampleResult } from '../support/results/example-result.ts'
import { goldenResult } from '../support/results/golden-result.ts'

const documents = { golden: await goldenResult(), example: exampleResult() }

// Needs a Chromium of the machine (`apt-get install chromium`); skipped without one.
describe.skipIf(browserPath === undefined)('in Chromium, from a file', () => {
  let folder: string
  let browser: Browser

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lb-html-'))
    browser = await startBrowser()
    for (const [name, document] of Object.entries(documents)) {
      await writeFile(join(folder, `${name}.html`), await html.render(document, fileRenderOptions))
    }
  })
  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true })
  })

  /** Opens a page; `heard` is what it asked of the network and said on its console. */
  async function open(name: string, options: Parameters<Browser['newPage']>[0] = {}) {
    const page = await browser.newPage(options)
    const url = pathToFileURL(join(folder, `${name}.html`)).href
    const heard: string[] = []
    page.on('request', (request) => {
      if (request.url() !== url) heard.push(`request ${request.url()}`)
    })
    page.on('console', (message) => heard.push(`console ${message.text()}`))
    page.on('pageerror', (error) => heard.push(`error ${error.message}`))
    await page.goto(url)
    return { page, heard, [Symbol.asyncDispose]: () => page.close() }
  }

  test.for(Object.keys(documents))(
    '%s: asks nothing of the network, says nothing on the console, and every chart has marks',
    async (name) => {
      await using view = await open(name)
      const marks = await view.page
        .locator('figure')
        .evaluateAll((all) =>
          all.map((figure) => [figure.id, figure.querySelectorAll('svg .datum').length]),
        )
      expect(marks.length).toBeGreaterThan(4)
      for (const [id, count] of marks) expect(count, String(id)).toBeGreaterThan(1)
      await view.page.mouse.wheel(0, 2000)
      expect(view.heard).toEqual([])
    },
  )

  test('the mark under the pointer says its figures, and stops when it leaves', async () => {
    await using view = await open('golden')
    const mark = view.page.locator('#throughput .datum').first()
    await mark.scrollIntoViewIfNeeded()
    // Scrolling hides it too, a frame later.
    await view.page.evaluate('new Promise((seen) => requestAnimationFrame(() => setTimeout(seen)))')
    await mark.hover()
    const tip = view.page.locator('.tip')
    expect(await tip.textContent()).toBe(await mark.getAttribute('aria-label'))
    expect(await tip.getAttribute('class')).toContain('shown')
    await view.page.mouse.move(1, 1)
    expect(await tip.getAttribute('class')).not.toContain('shown')
  })

  test('a chart is one stop for the tab key, and the arrow keys walk over its marks', async () => {
    await using view = await open('golden')
    const { page } = view
    const marks = page.locator('#throughput .datum')
    expect(await page.locator('#throughput .datum[tabindex="0"]').count()).toBe(1)
    await marks.first().focus()
    await page.keyboard.press('ArrowRight')
    expect(await focused(page)).toBe(await marks.nth(1).getAttribute('aria-label'))
    expect(await page.locator('.tip.shown').textContent()).toBe(await focused(page))
    await page.keyboard.press('End')
    expect(await focused(page)).toBe(await marks.last().getAttribute('aria-label'))
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SUMMARY')
    expect(await page.locator('#throughput .datum[tabindex="0"]').count()).toBe(1)
  })

  test('a dark screen turns page and charts dark, and paper does not', async () => {
    await using view = await open('golden', { colorScheme: 'dark' })
    const colours = () =>
      view.page.evaluate(
        `[document.body, document.querySelector('#throughput .datum')].map((one) => getComputedStyle(one)[one === document.body ? 'backgroundColor' : 'fill'])`,
      )
    const dark = await colours()
    await view.page.emulateMedia({ media: 'print' })
    const paper = await colours()
    expect(dark).toEqual(['rgb(20, 24, 29)', expect.any(String)])
    expect(paper).toEqual(['rgb(255, 255, 255)', expect.any(String)])
    expect((dark as string[])[1]).not.toBe((paper as string[])[1])
  })

  test('a narrow screen scrolls tables by themselves, never the page', async () => {
    await using view = await open('golden', { viewport: { width: 360, height: 700 } })
    expect(await view.page.evaluate('document.documentElement.scrollWidth')).toBe(360)
  })
})

function focused(page: Page): Promise<unknown> {
  return page.evaluate(`document.activeElement.getAttribute('aria-label')`)
}
