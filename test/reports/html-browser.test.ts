import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { html } from '../../reports/formats/html.ts'
import { openWatchPage } from '../../src/app/watch-page.ts'
import { fileRenderOptions } from '../../src/cli/terminal.ts'
import { openLiveServer } from '../../src/live/live-server.ts'
import { browserPath, startBrowser } from '../support/processes/chromium.ts'
import { exampleResult } from '../support/results/example-result.ts'
import { goldenResult } from '../support/results/golden-result.ts'
import { liveExample } from '../support/results/live-example.ts'
import { watchedBalancer } from '../support/results/watched-balancer.ts'

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
    const mark = view.page.locator('#throughput .page .datum').first()
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
    const marks = page.locator('#throughput .page .datum')
    expect(await page.locator('#throughput .page .datum[tabindex="0"]').count()).toBe(1)
    await marks.first().focus()
    await page.keyboard.press('ArrowRight')
    expect(await focused(page)).toBe(await marks.nth(1).getAttribute('aria-label'))
    expect(await page.locator('.tip.shown').textContent()).toBe(await focused(page))
    await page.keyboard.press('End')
    expect(await focused(page)).toBe(await marks.last().getAttribute('aria-label'))
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SUMMARY')
    expect(await page.locator('#throughput .page .datum[tabindex="0"]').count()).toBe(1)
  })

  test('in a chart of lines the pointer finds every line at the nearest percentile, wherever it is', async () => {
    await using view = await open('golden')
    const chart = view.page.locator('#latency-open-loop .column svg')
    await chart.scrollIntoViewIfNeeded()
    await view.page.evaluate('new Promise((seen) => requestAnimationFrame(() => setTimeout(seen)))')
    const { x, y, width, height } = (await chart.boundingBox()) ?? {
      x: 0,
      y: 0,
      width: 0,
      height: 0,
    }
    await view.page.mouse.move(x + width / 3, y + height / 2)
    const lines = ((await view.page.locator('.tip.shown').textContent()) ?? '').split('\n')
    expect(lines).toHaveLength(4)
    expect(new Set(lines.map((line) => / (p[\d.]+) /.exec(line)?.[1])).size).toBe(1)
    expect(await view.page.locator('.cross.shown').count()).toBe(1)
  })

  test('the answer with its chart fits the first screen of a desk', async () => {
    for (const name of Object.keys(documents)) {
      await using view = await open(name, { viewport: { width: 1300, height: 700 } })
      const bottom = await view.page.evaluate(
        `document.querySelector('.hero').getBoundingClientRect().bottom`,
      )
      expect(bottom, name).toBeLessThanOrEqual(700)
    }
  })

  test('letters of a chart have 12 px or more on a phone', async () => {
    await using view = await open('golden', { viewport: { width: 360, height: 700 } })
    const sizes = await view.page.evaluate(`[...document.querySelectorAll('svg.chart text')]
      .filter((text) => text.checkVisibility())
      .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.ownerSVGElement.getScreenCTM().a)`)
    expect((sizes as number[]).length).toBeGreaterThan(50)
    expect(Math.min(...(sizes as number[]))).toBeGreaterThanOrEqual(12)
  })

  test('paper takes two pages', async () => {
    await using view = await open('golden')
    const pdf = await view.page.pdf({ format: 'A4' })
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(2)
  })

  test('a dark screen turns page and charts dark, and paper does not', async () => {
    await using view = await open('golden', { colorScheme: 'dark' })
    const colours = () =>
      view.page.evaluate(
        `[document.body, document.querySelector('#throughput .page .datum')].map((one) => getComputedStyle(one)[one === document.body ? 'backgroundColor' : 'fill'])`,
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

  test.for([
    { colorScheme: 'light', width: 1280, kind: 'bench' },
    { colorScheme: 'dark', width: 400, kind: 'load' },
  ] as const)(
    'the live page draws a run of $kind at $width px, $colorScheme, and follows it to its end',
    async ({ colorScheme, width, kind }) => {
      const stopped = Promise.withResolvers<void>()
      const server = await openLiveServer({ port: 0, cellSeconds: 0.1, onStop: stopped.resolve })
      const { message, end } = liveExample(kind)
      server.add(message)
      const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 } })
      const heard: string[] = []
      page.on('console', (line) => heard.push(`console ${line.text()}`))
      page.on('pageerror', (error) => heard.push(`error ${error.message}`))
      page.on('request', (request) => heard.push(new URL(request.url()).pathname))
      await page.goto(server.url)
      await page.locator('#latency .plot canvas').waitFor()

      const inks =
        await page.evaluate(`[...document.querySelectorAll('.plot canvas')].map((canvas) => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
        return new Set(new Uint32Array(data.buffer)).size
      })`)
      // Lines of several colours with their edges, not axes alone.
      expect(Math.min(...(inks as number[]))).toBeGreaterThan(20)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
        colorScheme === 'dark' ? 'rgb(20, 24, 29)' : 'rgb(255, 255, 255)',
      )
      expect(await page.locator('#arms tbody tr').count()).toBe(message.head.table.rows.length)
      expect(await page.locator('#thresholds td.fail').count()).toBe(1)
      expect(await page.locator('#checks').isVisible()).toBe(kind === 'load')
      expect(await page.locator('#failures tbody th').allTextContents()).toEqual([
        ...['<b>status 503</b>', 'timed out'],
      ])

      // By the keyboard alone: to the button, then along a chart.
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await stopped.promise
      await page.keyboard.press('Tab')
      await page.keyboard.press('End')
      expect(await page.locator('#rate .at').textContent()).toMatch(
        /^[01]:\d\d {2}.*responses \S+\/s/,
      )

      server.add(end)
      await server[Symbol.asyncDispose]()
      await page.getByText('result stored in .lb/last.json').waitFor()
      expect(await page.locator('#stop').isVisible()).toBe(false)
      expect(heard).toEqual(['/', '/events', '/stop'])
      await page.close()
    },
  )

  test('the page of lb watch draws six panels on a phone in the dark, and says that the balancer is gone', async () => {
    const balancer = await watchedBalancer()
    await using served = await openWatchPage(0, balancer)
    const page = await browser.newPage({
      colorScheme: 'dark',
      viewport: { width: 400, height: 800 },
    })
    const heard: string[] = []
    page.on('console', (line) => heard.push(`console ${line.text()}`))
    page.on('pageerror', (error) => heard.push(`error ${error.message}`))
    page.on('request', (request) => heard.push(new URL(request.url()).pathname))
    await page.goto(served?.url ?? '')
    await page.locator('#panel-5 .plot canvas').waitFor()
    expect(await page.locator('h2').allTextContents()).toEqual(
      balancer.state().panels.map(({ title }) => title),
    )
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400)
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
      'rgb(20, 24, 29)',
    )
    expect(await page.locator('#panel-0-now').textContent()).toBe(
      'last: 1xx 0/s, 2xx 900/s, 3xx 0/s, 4xx 0/s, 5xx 1/s',
    )
    expect(await page.locator('#panel-3 .u-axis').count()).toBe(3)

    // By the keyboard alone, along the first chart.
    await page.keyboard.press('Tab')
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowLeft')
    expect(await page.locator('#panel-0 .at').textContent()).toMatch(
      /^12:00:10 {2}1xx 0\/s, 2xx \S+\/s/,
    )

    balancer.failed('connection refused')
    served?.update()
    await page.getByText(/^no answer since 12:00:12: connection refused; trying again$/).waitFor()
    expect(heard).toEqual(['/', '/events'])
    await page.close()
  })
})

function focused(page: Page): Promise<unknown> {
  return page.evaluate(`document.activeElement.getAttribute('aria-label')`)
}
