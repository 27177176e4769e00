import { fileURLToPath } from 'node:url'
import { marked } from 'marked'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { markdown } from '../../reports/markdown.ts'
import { fileLook } from '../../src/cli/look.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import { browserPath, startBrowser } from '../support/chromium.ts'
import { exampleResult } from '../support/result-document.ts'

/** Mermaid itself, in one file: it needs a page to work in. */
const mermaid = fileURLToPath(import.meta.resolve('@mermaid-js/tiny'))

/** The blocks that a code host would hand to Mermaid. */
function blocks(document: ResultDocument): string[] {
  return marked
    .lexer(markdown.render(document, fileLook))
    .flatMap((token) => (token.type === 'code' && token.lang === 'mermaid' ? [token.text] : []))
}

/** The example, with another name for what is balanced. */
function named(algorithm: string): ResultDocument {
  const { curves, ...rest } = exampleResult()
  return { ...rest, curves: curves.map((curve) => ({ ...curve, algorithm })) }
}

// Needs a Chromium of the machine (`apt-get install chromium`); skipped without one.
describe.skipIf(browserPath === undefined)('Mermaid', () => {
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    browser = await startBrowser()
    page = await browser.newPage()
    await page.addScriptTag({ path: mermaid })
    await page.evaluate('mermaid.initialize({ startOnLoad: false })')
  })
  afterAll(() => browser?.close())

  const parse = (text: string) => page.evaluate(`mermaid.parse(${JSON.stringify(text)})`)
  const draw = (text: string) =>
    page.evaluate(`mermaid.render('chart', ${JSON.stringify(text)}).then(({ svg }) => svg)`)

  test.for(['round-robin', 'a "very" <odd>, [name]; %% & #more', 'Größe – µs'])(
    'reads and draws the scaling of %s: a bar for each number of cores',
    async (name) => {
      const [block = '', ...more] = blocks(named(name))
      expect(more).toEqual([])
      expect(await parse(block)).toMatchObject({ diagramType: 'xychart' })
      const svg = String(await draw(block))
      // Two points of the example are valid.
      const bars = /<g class="bar-plot-0">(.*?)<\/g>/s.exec(svg)?.[1] ?? ''
      expect(bars.match(/<rect /g)).toHaveLength(2)
    },
  )

  test('would notice a block that is broken', async () => {
    const [block = ''] = blocks(exampleResult())
    await expect(parse(block.replace('x-axis', 'x-axes'))).rejects.toThrow()
    await expect(parse(block.replace(/bar \[/, 'bar [one, '))).rejects.toThrow()
  })
})
