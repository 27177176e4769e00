import { fileURLToPath } from 'node:url'
import { marked } from 'marked'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reproductionMarkdown } from '../../../reports/commands/reproduction-markdown.ts'
import { markdown } from '../../../reports/formats/markdown.ts'
import { fileRenderOptions } from '../../../src/cli/terminal.ts'
import { reproduce } from '../../../src/experiment/reproduce/reproduce.ts'
import { registry } from '../../../src/experiment/run/plan-for.ts'
import { documentedTables } from '../../../src/plan/documented/tables.ts'
import { reproductionPlan } from '../../../src/plan/reproduction-plan.ts'
import type { ResultDocument } from '../../../src/result/document.ts'
import { browserPath, startBrowser } from '../../support/processes/chromium.ts'
import { exampleResult } from '../../support/results/example-result.ts'
import { measuredResult } from '../../support/results/measured-result.ts'

/** Mermaid itself, in one file: it needs a page to work in. */
const mermaid = fileURLToPath(import.meta.resolve('@mermaid-js/tiny'))

/** The blocks that a code host would hand to Mermaid. */
function blocks(text: string): string[] {
  return marked
    .lexer(text)
    .flatMap((token) => (token.type === 'code' && token.lang === 'mermaid' ? [token.text] : []))
}

/** The example's report, with another name for what is balanced. */
function report(algorithm = 'round-robin'): string {
  const { curves, ...rest } = exampleResult()
  const named: ResultDocument = {
    ...rest,
    curves: curves.map((curve) => ({ ...curve, algorithm })),
  }
  return markdown.render(named, fileRenderOptions)
}

/** The tuning guide's tables, made again. */
async function reproduction(): Promise<string> {
  const documented = await documentedTables(registry)
  const plan = reproductionPlan({ documented, overrides: {}, seed: 1, control: registry.control })
  const behaviours = Object.fromEntries(plan.arms.map(({ name }) => [name, { throughput: 5_000 }]))
  const result = measuredResult(plan, { behaviours, cpus: 8 })
  return reproductionMarkdown(reproduce(documented, result), result)
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
      const [block = '', ...more] = blocks(report(name))
      expect(more).toEqual([])
      expect(await parse(block)).toMatchObject({ diagramType: 'xychart' })
      const svg = String(await draw(block))
      // Two points of the example are valid.
      const bars = /<g class="bar-plot-0">(.*?)<\/g>/s.exec(svg)?.[1] ?? ''
      expect(bars.match(/<rect /g)).toHaveLength(2)
    },
  )

  test('reads and draws the documented and the reproduced speed-up', async () => {
    const [block = '', ...more] = blocks(await reproduction())
    expect(more).toEqual([])
    expect(await parse(block)).toMatchObject({ diagramType: 'xychart' })
    const svg = String(await draw(block))
    expect(svg).toContain('class="line-plot-1"')
    const bars = /<g class="bar-plot-0">(.*?)<\/g>/s.exec(svg)?.[1] ?? ''
    expect(bars.match(/<rect /g)).toHaveLength(4)
  })

  test('would notice a block that is broken', async () => {
    const [block = ''] = blocks(report())
    await expect(parse(block.replace('x-axis', 'x-axes'))).rejects.toThrow()
    await expect(parse(block.replace(/bar \[/, 'bar [one, '))).rejects.toThrow()
  })
})
